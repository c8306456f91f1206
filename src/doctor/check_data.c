#include "doctor/data.h"
#include "doctor/doctor.h"
#include "doctor/person.h"
#include "doctor/running.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void check_files(struct report *report, const struct doctor_places *places)
{
    struct snapshot_revisions of_store, of_snapshot;
    struct err err;
    bool store = !data_check_store(places->store, &of_store, &err);
    report_line(report, store ? REPORT_OK : REPORT_FAIL, "store", "%s%s",
                store ? places->store : err.text, store ? " is whole" : "");
    bool snapshot = !data_check_snapshot(places->snapshot, &of_snapshot, &err);
    report_line(report, snapshot ? REPORT_OK : REPORT_FAIL, "snapshot", "%s%s",
                snapshot ? places->snapshot : err.text, snapshot ? " is whole" : "");
    if (!store || !snapshot)
        report_line(report, REPORT_SKIPPED, "revision", "there are no two to compare");
    else if (data_compare(places->snapshot, &of_store, &of_snapshot, &err))
        report_line(report, REPORT_FAIL, "revision", "%s", err.text);
    else
        report_line(report, REPORT_OK, "revision", "the snapshot has what the store has");
}

/* Files that SQLite keeps beside the store while somebody has it open: whoever writes to the store
 * writes to them. Returns 0 or -1 with a reason. */
static int check_beside(const struct person *person, const char *store, struct err *err)
{
    static const char *const ends[] = {"-wal", "-shm"};
    char path[4096];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", store, ends[i]);
        if (!access(path, F_OK) && person_reaches(person, path, PERSON_READS | PERSON_WRITES, err))
            return -1;
    }
    return 0;
}

/* Where a group shares the store, its directory must be the group's, and hand it on to the files
 * that are made there. */
static void check_group(struct report *report, const struct stat *store, const struct stat *dir,
                        const char *name)
{
    if (!(store->st_mode & S_IWGRP) && !(dir->st_mode & S_IWGRP))
        report_line(report, REPORT_OK, "directory", "%s is its owner's alone, as the store is",
                    name);
    else if (!(dir->st_mode & S_IWGRP) || !(store->st_mode & S_IWGRP) ||
             store->st_gid != dir->st_gid)
        report_line(report, REPORT_FAIL, "directory",
                    "a group is to write to the store, but not to its directory %s, or the other "
                    "way round (%s): chgrp both to one group, and chmod g+w both",
                    name, person_rights_of(dir));
    else if (!(dir->st_mode & S_ISGID))
        report_line(report, REPORT_FAIL, "directory",
                    "what one makes in %s (-wal and -shm of the store) others in the group cannot "
                    "write to: chmod g+s %s",
                    name, name);
    else
        report_line(report, REPORT_OK, "directory", "%s is shared by a group (%s)", name,
                    person_rights_of(dir));
}

/* SQLite makes -wal and -shm beside the store, for readers, too. */
static void check_directory(struct report *report, const struct doctor_places *places,
                            const char *name)
{
    struct stat store, dir;
    struct running running;
    struct person pool;
    struct err err;
    if (stat(places->store, &store) || stat(name, &dir)) {
        report_line(report, REPORT_SKIPPED, "directory", "cannot look at %s: %s", places->store,
                    strerror(errno));
        return;
    }
    running_find(&running, places->store, places->usual_store);
    if (person_by_uid(&pool, running.pid ? running.uid : dir.st_uid, &err))
        report_line(report, REPORT_WARN, "directory", "%s is nobody's: %s", name, err.text);
    else if (person_reaches(&pool, places->store, PERSON_READS, &err) ||
             person_reaches(&pool, name, PERSON_READS | PERSON_WRITES | PERSON_ENTERS, &err) ||
             check_beside(&pool, places->store, &err))
        report_line(report, REPORT_FAIL, "directory",
                    "%s; the pool, which is %s's, needs -wal and -shm beside the store: change "
                    "owner or group",
                    err.text, pool.name);
    else
        check_group(report, &store, &dir, name);
}

bool doctor_check_data(struct report *report, const struct doctor_places *places)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", places->store);
    const char *name = dirname(path);
    if (access(name, F_OK)) {
        report_line(report, REPORT_SKIPPED, "store",
                    "there is no directory %s, and so no pool on this machine", name);
        return false;
    }
    check_directory(report, places, name); /* first: SQLite removes what is beside a store */
    check_files(report, places);
    return true;
}
