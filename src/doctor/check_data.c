#include "doctor/data.h"
#include "doctor/doctor.h"
#include "doctor/running.h"
#include "doctor/user.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void check_files(struct report *report, const struct doctor_paths *paths)
{
    struct snapshot_revisions of_store, of_snapshot;
    struct err err;
    bool store = !data_check_store(paths->store, &of_store, &err);
    report_line(report, store ? REPORT_OK : REPORT_FAIL, "store", "%s%s",
                store ? paths->store : err.text, store ? " is whole" : "");
    bool snapshot = !data_check_snapshot(paths->snapshot, &of_snapshot, &err);
    report_line(report, snapshot ? REPORT_OK : REPORT_FAIL, "snapshot", "%s%s",
                snapshot ? paths->snapshot : err.text, snapshot ? " is whole" : "");
    if (!store || !snapshot)
        report_line(report, REPORT_SKIPPED, "revision",
                    "cannot compare: store or snapshot is missing or damaged");
    else if (data_compare(paths->snapshot, &of_store, &of_snapshot, &err))
        report_line(report, REPORT_FAIL, "revision", "%s", err.text);
    else
        report_line(report, REPORT_OK, "revision", "the snapshot is up to date with the store");
}

/* Check that the user may read and write the files that SQLite keeps beside an open store. Returns 0
 * or -1 with a reason. */
static int check_beside(const struct user *user, const char *store, struct err *err)
{
    static const char *const ends[] = {"-wal", "-shm"};
    char path[4096];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", store, ends[i]);
        if (!access(path, F_OK) && user_reaches(user, path, USER_MAY_READ | USER_MAY_WRITE, err))
            return -1;
    }
    return 0;
}

/* Check a store that a group shares: the directory must belong to the same group and be setgid, so
 * that files created there get this group. */
static void check_group(struct report *report, const struct stat *store, const struct stat *dir,
                        const char *name)
{
    if (!(store->st_mode & S_IWGRP) && !(dir->st_mode & S_IWGRP))
        report_line(report, REPORT_OK, "directory",
                    "only the owner may write to %s and to the store", name);
    else if (!(dir->st_mode & S_IWGRP) || !(store->st_mode & S_IWGRP) ||
             store->st_gid != dir->st_gid)
        report_line(report, REPORT_FAIL, "directory",
                    "store and directory %s (%s) are not writable for the same group: chgrp both "
                    "to one group, and chmod g+w both",
                    name, user_describe_rights(dir));
    else if (!(dir->st_mode & S_ISGID))
        report_line(report, REPORT_FAIL, "directory",
                    "%s is not setgid, so others in the group cannot write to new files there "
                    "(-wal and -shm of the store): chmod g+s %s",
                    name, name);
    else
        report_line(report, REPORT_OK, "directory", "a group shares %s (%s)", name,
                    user_describe_rights(dir));
}

/* Check the store's directory, in which SQLite creates -wal and -shm even for readers. */
static void check_directory(struct report *report, const struct doctor_paths *paths,
                            const char *name)
{
    struct stat store, dir;
    struct running running;
    struct user pool;
    struct err err;
    if (stat(paths->store, &store) || stat(name, &dir)) {
        report_line(report, REPORT_SKIPPED, "directory", "cannot stat %s: %s", paths->store,
                    strerror(errno));
        return;
    }
    running_find_pool(&running, paths->store, paths->default_store);
    if (user_by_uid(&pool, running.pid ? running.uid : dir.st_uid, &err))
        report_line(report, REPORT_WARN, "directory", "the owner of %s does not exist: %s", name,
                    err.text);
    else if (user_reaches(&pool, paths->store, USER_MAY_READ, &err) ||
             user_reaches(&pool, name, USER_MAY_READ | USER_MAY_WRITE | USER_MAY_ENTER, &err) ||
             check_beside(&pool, paths->store, &err))
        report_line(report, REPORT_FAIL, "directory",
                    "%s; the pool runs as %s and must read and write -wal and -shm beside the "
                    "store: change owner or group",
                    err.text, pool.name);
    else
        check_group(report, &store, &dir, name);
}

bool doctor_check_data(struct report *report, const struct doctor_paths *paths)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", paths->store);
    const char *name = dirname(path);
    if (access(name, F_OK)) {
        report_line(report, REPORT_SKIPPED, "store",
                    "there is no directory %s, so no pool runs on this machine", name);
        return false;
    }
    check_directory(report, paths, name); /* before SQLite removes -wal and -shm at close */
    check_files(report, paths);
    return true;
}
