#!/bin/sh
# valgrind.sh BUILD TEST...: run tests with every program of the build directory BUILD under valgrind.
#
# The tests are given a directory of wrappers for a build directory. Each process has a log of its own, which stays
# empty unless valgrind finds something, be it in a worker that a test kills later on. Lines with "--" are not about
# the program: valgrind does not know the system calls of Landlock, and answers them as an old kernel does.
set -eu
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/.." && pwd)
shift
rm -rf "$build/wrapped" "$build/logs"
mkdir -p "$build/wrapped/t" "$build/logs"
for program in serverful bootstrap load $(cd "$build" && find t -maxdepth 1 -type f -perm -u+x); do
    cat >"$build/wrapped/$program" <<END
#!/bin/sh
exec /usr/bin/valgrind -q --leak-check=full --error-exitcode=99 --suppressions='$source/t/valgrind.supp' \\
    --log-file='$build/logs/%p' '$build/$program' "\$@"
END
    chmod +x "$build/wrapped/$program"
done
cd "$build/wrapped"
status=0
SERVERFUL_VALGRIND=1 SERVERFUL_BUILD="$build/wrapped" prove -j "$(nproc)" "$@" || status=$?
found=$(grep -l '^==' "$build"/logs/* | wc -l)
grep -h '^==' "$build"/logs/* || true
echo "valgrind: $(find "$build/logs" -type f | wc -l) processes, $found with findings"
[ "$status" -eq 0 ] && [ "$found" -eq 0 ]
