/*
 * person: a user of the machine, and what he may do with a file, as far as owner, group and mode
 * tell (access control lists are not looked at).
 */
#ifndef DOCTOR_PERSON_H
#define DOCTOR_PERSON_H

#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

#define PERSON_GROUPS 64

struct person {
    char name[64];
    uid_t uid;
    gid_t groups[PERSON_GROUPS]; /* the first one is his own */
    int n_groups;
};

enum person_right { PERSON_ENTERS = 1, PERSON_WRITES = 2, PERSON_READS = 4 };

/* Look one up. Returns 0, or -1 with a reason where there is none. */
int person_by_name(struct person *person, const char *name, struct err *err);
int person_by_uid(struct person *person, uid_t uid, struct err *err);

/* Whether he has all of these rights on what `st` describes. */
bool person_may(const struct person *person, const struct stat *st, unsigned rights);

/* Whether he has these rights on the file, and may enter the directories on the way. Returns 0, or
 * -1 with a reason that tells the directory or the file. */
int person_reaches(const struct person *person, const char *path, unsigned rights, struct err *err);

/* The names of owner and group, or their numbers, as "OWNER:GROUP, mode 0660". The text is static
 * until the next call. */
const char *person_rights_of(const struct stat *st);

#endif
