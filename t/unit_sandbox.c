/* unit_sandbox: what a worker can still do once it is confined. */
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

/* A path in the test's directory; valid until the next call. */
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

/* Check that a file opens, or is refused. */
static void opens(const char *name, int flags, bool wanted, const char *what)
{
    int fd = open(name[0] == '/' ? name : in_top(name), flags | O_CLOEXEC, 0600);
    ok(wanted ? fd >= 0 : fd < 0 && errno == EACCES, "%s", what);
    if (fd >= 0)
        close(fd);
}

static void refused(int status, const char *what)
{
    ok(status != 0 && errno == EACCES, "%s", what);
}

static void check_confined(void)
{
    opens("cache/snapshot", O_RDONLY, true, "it reads the snapshot");
    opens("cache/snapshot", O_WRONLY, false, "it can't write the snapshot");
    opens("cache/new", O_WRONLY | O_CREAT, false, "nor make a file beside it");
    refused(unlink(in_top("cache/snapshot")), "nor remove it");
    opens("store/db", O_RDONLY, false, "it can't read the store");
    opens("store/db", O_WRONLY, false, "nor write it");
    refused(truncate(in_top("store/db"), 0), "nor truncate it");
    refused(unlink(in_top("store/db")), "nor remove it");
    opens("log/access", O_WRONLY | O_APPEND, true, "it writes its log");
    opens("log/new", O_WRONLY | O_CREAT | O_APPEND, true, "and makes a new one");
    opens("log/access", O_RDONLY, false, "but reads none");
    opens("/etc/passwd", O_RDONLY, false, "it reads no other file");
    execl("/bin/true", "true", (char *)NULL);
    ok(errno == EACCES, "it runs no program");
    ok(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "it gets no new privileges");
}

static void check_network(long version)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (version < 4)
        printf("# this kernel's Landlock leaves TCP alone\n");
    else
        refused(connect(fd, (const struct sockaddr *)&to, sizeof to), "it connects to nobody");
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
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        ok(sandbox_enter(&(struct sandbox){snapshot, NULL, log}, &err) == 0,
           "a worker is confined: %s", err.text);
        check_confined();
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
