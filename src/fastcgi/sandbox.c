#include "fastcgi/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights of later versions of Landlock, which the headers of an older kernel lack. */
#define ACCESS_TRUNCATE  (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)
#define NET_BIND_CONNECT 3ULL

#ifdef __SANITIZE_ADDRESS__
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* All rights of the first version of Landlock. */
#define ACCESS_FIRST (LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1)

/* struct landlock_ruleset_attr of version 4. */
struct ruleset {
    uint64_t files, net;
};

/* Return all rights that a version of Landlock can take away. */
static struct ruleset rights_of(long version)
{
    struct ruleset rights = {ACCESS_FIRST, 0};
    if (version >= 2)
        rights.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3)
        rights.files |= ACCESS_TRUNCATE;
    if (version >= 4)
        rights.net = NET_BIND_CONNECT;
    if (version >= 5)
        rights.files |= ACCESS_IOCTL_DEV;
    return rights;
}

/* Allow rights beneath the directory of a file. Does nothing where `file` is NULL or "-", which is
 * open already. */
static int allow_directory(int ruleset, const char *file, uint64_t rights, struct err *err)
{
    char directory[4096] = ".";
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (!file || !strcmp(file, "-"))
        return 0;
    if (slash)
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - file + 1), file);
    struct landlock_path_beneath_attr rule = {.allowed_access = rights,
                                              .parent_fd = open(directory, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0)
        return err_errno(err, "cannot open the directory %s", directory);
    long status = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
    return status ? err_errno(err, "cannot allow access to %s in the sandbox", directory) : 0;
}

/* Add the rules, and enforce them. */
static int enforce(const struct sandbox *sandbox, int ruleset, struct err *err)
{
    const uint64_t log_rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
    if (allow_directory(ruleset, sandbox->snapshot, LANDLOCK_ACCESS_FS_READ_FILE, err) ||
        allow_directory(ruleset, sandbox->error_log, log_rights, err) ||
        allow_directory(ruleset, sandbox->access_log, log_rights, err))
        return -1;
    if (syscall(SYS_landlock_restrict_self, ruleset, 0))
        return err_errno(err, "cannot enter the sandbox");
    return 0;
}

int sandbox_enter(const struct sandbox *sandbox, struct err *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return err_errno(err, "cannot set PR_SET_NO_NEW_PRIVS");
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1 || IS_SANITIZED)
        return 0;
    struct ruleset rights = rights_of(version);
    size_t size = version < 4 ? sizeof rights.files : sizeof rights;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rights, size, 0);
    if (ruleset < 0)
        return err_errno(err, "cannot create the rules of the sandbox");
    int status = enforce(sandbox, ruleset, err);
    close(ruleset);
    return status;
}
