/* unit_sandbox: what a worker can and cannot do in its sandbox. */
#include "t/tap.h"

#include "fastcgi/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char top[] = "/tmp/serverful-XXXXXX";
static char path[256];

/* The path of a file in the test's directory, valid until the next call. */
static const char *in_top(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", top, name);
    return path;
}

static void make_file(const char *name)
{
    int fd = open(in_top(name), O_CREAT | O_WRONLY, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1)
        tap_give_up("cannot make the file %s", path);
    close(fd);
}

/* Check that a file can be opened, or that access is denied where it is not `wanted`. */
static void opens(const char *name, int flags, bool wanted, const char *what)
{
    int fd = open(name[0] == '/' ? name : in_top(name), flags | O_CLOEXEC, 0600);
    ok(wanted ? fd >= 0 : fd < 0 && errno == EACCES, "%s", what);
    if (fd >= 0)
        close(fd);
}

/* Check that a call has failed because access is denied. */
static void is_denied(int status, const char *what)
{
    ok(status != 0 && errno == EACCES, "%s", what);
}

static void check_files(void)
{
    opens("cache/snapshot", O_RDONLY, true, "a worker can read the snapshot");
    opens("cache/snapshot", O_WRONLY, false, "a worker cannot write to the snapshot");
    opens("cache/new", O_WRONLY | O_CREAT, false,
          "a worker cannot create a file beside the snapshot");
    is_denied(unlink(in_top("cache/snapshot")), "a worker cannot remove the snapshot");
    opens("store/db", O_RDONLY, false, "a worker cannot read the store");
    opens("store/db", O_WRONLY, false, "a worker cannot write to the store");
    is_denied(truncate(in_top("store/db"), 0), "a worker cannot truncate the store");
    is_denied(unlink(in_top("store/db")), "a worker cannot remove the store");
    opens("log/access", O_WRONLY | O_APPEND, true, "a worker can append to its log");
    opens("log/new", O_WRONLY | O_CREAT | O_APPEND, true, "a worker can create a new log");
    opens("log/access", O_RDONLY, false, "a worker cannot read a log");
    opens("/etc/passwd", O_RDONLY, false, "a worker cannot read any other file");
    execl("/bin/true", "true", (char *)NULL);
    ok(errno == EACCES, "a worker cannot execute a program");
    ok(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "a worker cannot gain privileges");
}

/* Whether a process in this sandbox, whose working directory is that of the store, can neither write to
 * the store nor create a file beside it. */
static bool keeps_out(const struct sandbox *sandbox)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        bool good = !chdir(in_top("store")) && !sandbox_enter(sandbox, &err) &&
                    open("db", O_WRONLY) < 0 && errno == EACCES &&
                    open("new", O_WRONLY | O_CREAT, 0600) < 0 && errno == EACCES;
        _exit(!good);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Check each setting of the logs. */
static void check_logs(const char *snapshot, const char *log)
{
    ok(keeps_out(&(struct sandbox){snapshot, NULL, NULL}),
       "no log lets a worker write to the store");
    ok(keeps_out(&(struct sandbox){snapshot, NULL, "-"}),
       "--access-log - lets no worker write to the store");
    ok(keeps_out(&(struct sandbox){snapshot, "-", "-"}),
       "--error-log - lets no worker write to the store");
    ok(keeps_out(&(struct sandbox){snapshot, log, log}),
       "logs in a directory of their own let no worker write to the store");
}

static void check_network(long version)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (version < 4)
        tap_skip(1, "this kernel's Landlock does not restrict TCP");
    else
        is_denied(connect(fd, (const struct sockaddr *)&to, sizeof to),
                  "a worker cannot open a TCP connection");
    close(fd);
}

int main(void)
{
    static const char *const directories[] = {"cache", "store", "log"};
    static const char *const files[] = {"cache/snapshot", "store/db", "log/access"};
    struct err err = {0};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
#ifdef __SANITIZE_ADDRESS__
    version = 0;
#endif
    if (version < 1) {
        printf("1..0 # SKIP no Landlock in this kernel, or a build with sanitizers\n");
        return 0;
    }
    if (!mkdtemp(top))
        tap_give_up("cannot make the directory %s", top);
    for (size_t i = 0; i < 3; i++)
        mkdir(in_top(directories[i]), 0700);
    for (size_t i = 0; i < 3; i++)
        make_file(files[i]);
    char snapshot[300], log[300];
    snprintf(snapshot, sizeof snapshot, "%s", in_top("cache/snapshot"));
    snprintf(log, sizeof log, "%s", in_top("log/access"));
    tap_plan(20);
    check_logs(snapshot, log);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        ok(sandbox_enter(&(struct sandbox){snapshot, NULL, log}, &err) == 0,
           "a worker enters the sandbox: %s", err.text);
        check_files();
        check_network(version);
        exit(tap_done());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    const char *const left[] = {"cache/snapshot", "store/db", "log/access", "log/new"};
    for (size_t i = 0; i < 4; i++)
        unlink(in_top(left[i]));
    for (size_t i = 0; i < 3; i++)
        rmdir(in_top(directories[i]));
    rmdir(top);
    return !WIFEXITED(status) || WEXITSTATUS(status);
}
