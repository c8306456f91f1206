#!/usr/bin/python3
"""The package for arm64: it is built here, and installed in a clean root of arm64, whose programs qemu-user runs. The pool and
nginx answer each endpoint there, and tests that drive the installed programs pass. Takes some ten minutes, so that it runs only when it is
named: ./dev test arm64."""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import arm64_root
import store
import tap

# The tests that need no compiler and no browser: all cases through nginx and the pool, the same requests as each kind of event through
# bootstrap, wrong events, the commands, and edits while the pool serves.
TESTS = ["http", "same", "lambda_events", "invoke", "segment_command", "live_edit"]
TEXT = "text=%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC%E6%B8%85%E5%8D%8E%E5%A4%A7%E5%AD%A6"  # 我来到北京清华大学
ANSWERS = {
    ":8080/calculator?num1=7&num2=2&operator=divide": '{"result": 3.5}',
    ":8080/random-image?redirect=0": '{"imageUrl": "https://',
    ":8080/random-image/tags": '{"tags": ',
    ":8080/segment?" + TEXT: '{"words": ["我", "来到", "北京", "清华大学"]}',
    ":8080/keywords?top=1&" + TEXT: '{"keywords": [{"word": "清华大学", "weight": 2.6935315738733334}]}',
    ":8080/": "<!doctype html>",
    ":8080/openapi.json": '"openapi": "3.',
    ":8081/healthz": '{"status": "ok"}',
}
ASK = """
import json, sys, urllib.request
def ask(target):
    try:
        return urllib.request.urlopen("http://127.0.0.1" + target, timeout=600).read().decode()
    except OSError as error:
        return repr(error)
print(json.dumps({target: ask(target) for target in json.load(open("/root/targets.json"))}))
"""
# What systemd does from the units, without its sandbox, and the requests.
SERVE = """
install -d -o serverful -g serverful /var/cache/serverful
install -d -o serverful -g www-data -m 2750 /run/serverful
setpriv --reuid=serverful --regid=serverful --init-groups sh -c 'umask 7; exec serverful pool --listen unix:/run/serverful/serverful.sock' >/root/pool.log 2>&1 &
until [ -S /run/serverful/serverful.sock ] || ! kill -0 $!; do sleep 0.1; done
nginx >/root/nginx.log 2>&1
python3 /root/ask.py
serverful snapshot --print-revision
kill $!; wait $!
"""


def build():
    """Build the package. Returns its path."""
    done = subprocess.run([os.path.join(tap.SOURCE, "debian", "build_package"), "arm64", os.path.join(tap.BUILD, "deb")],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if not tap.ok(done.returncode == 0, "debian/build_package builds the package for arm64", done.stdout[-3000:]):
        sys.exit(1)
    return done.stdout.split()[-1]


def check_architecture(package):
    """Every program of the package is for arm64."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["dpkg-deb", "-x", package, directory], check=True)
        machines = {}
        for path in glob.glob(directory + "/usr/bin/*") + glob.glob(directory + "/usr/libexec/serverful/*"):
            with open(path, "rb") as file:
                machines[os.path.basename(path)] = int.from_bytes(file.read(20)[18:], "little")
    tap.equal(machines, dict.fromkeys(("serverful", "bootstrap", "load", "probe_images"), 183), "the programs of the package are for arm64")


def install(root, package):
    shutil.copy(package, root.path + "/root/serverful.deb")
    command = "apt-get install -y -o Dpkg::Use-Pty=0 --no-install-recommends /root/serverful.deb nginx-light sqlite3"
    done = root.run("apt-get update && " + command + " --download-only")
    tap.ok(done.returncode == 0, "apt-get fetches what the package depends on", done.stdout[-3000:])
    done = root.run(command, network=False)
    tap.ok(done.returncode == 0, "apt-get installs the package in a root of arm64", done.stdout[-3000:])
    site = root.path + "/etc/nginx/sites-enabled/serverful"
    tap.ok(os.path.islink(site), "the installation enables the site of nginx", done.stdout[-3000:])


def revision_here():
    """The revision of a snapshot of jieba's data that this machine's architecture made."""
    with tempfile.TemporaryDirectory() as directory:
        return subprocess.run([tap.SERVERFUL, "snapshot", "--print-revision", "--snapshot", store.jieba_snapshot(directory)],
                              stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def check_service(root):
    for name, text in (("targets.json", json.dumps(list(ANSWERS))), ("ask.py", ASK)):
        with open(os.path.join(root.path, "root", name), "w", encoding="utf-8") as file:
            file.write(text)
    done = root.run(SERVE, network=False)
    lines = done.stdout.splitlines()
    answers = json.loads(lines[0]) if lines and lines[0].startswith("{") else {}
    for target, expected in ANSWERS.items():
        tap.ok(expected in answers.get(target, ""), f"the installed service answers {target}", answers.get(target, done.stdout)[:1000])
    tap.equal((lines[1:], done.returncode), ([revision_here()], 0),
              "the snapshot has the revision that this machine's has, and the pool exits with status 0")


def copy_tree(root):
    """Copy the sources, and put the installed programs where the tests look for those of a build."""
    tree = root.path + "/root/tree"
    files = subprocess.run(["git", "-C", tap.SOURCE, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["rsync", "-a", "--from0", "--files-from=-", tap.SOURCE + "/", tree + "/"], input=files, check=True)
    os.mkdir(tree + "/build")
    for program in ("bin/serverful", "libexec/serverful/bootstrap"):
        os.symlink("/usr/" + program, os.path.join(tree, "build", os.path.basename(program)))


def check_tests(root):
    copy_tree(root)
    for name in TESTS:
        done = root.run(f"cd /root/tree && python3 t/{name}.t", network=False)
        results = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
        print(f"# t/{name}.t: {len(results)} results", flush=True)
        wrong = [line for line in done.stdout.splitlines() if not line.startswith(("ok ", "1.."))]
        tap.ok(done.returncode == 0 and results, f"t/{name}.t passes with the installed programs", "\n".join(wrong)[-3000:])


reason = arm64_root.missing()
if reason:
    tap.skip_all(reason)
tap.plan(5 + len(ANSWERS) + 1 + len(TESTS))
package = build()
check_architecture(package)
with arm64_root.Arm64Root(os.path.join(tap.BUILD, "t-arm64")) as root:
    install(root, package)
    check_service(root)
    check_tests(root)
tap.done()
