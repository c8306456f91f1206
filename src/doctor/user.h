/*
 * user: a user of the machine, and the user's rights on a file, as far as owner, group and mode
 * grant them. Access control lists are ignored.
 */
#ifndef DOCTOR_USER_H
#define DOCTOR_USER_H

#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

#define USER_MAX_GROUPS 64

struct user {
    char name[64];
    uid_t uid;
    gid_t groups[USER_MAX_GROUPS]; /* The groups of the user, the primary group first. */
    int n_groups;
};

enum user_right { USER_MAY_ENTER = 1, USER_MAY_WRITE = 2, USER_MAY_READ = 4 };

/* Look up a user. Return 0, or -1 with a reason where there is none. */
int user_by_name(struct user *user, const char *name, struct err *err);
int user_by_uid(struct user *user, uid_t uid, struct err *err);

/* Whether the user has all of these rights on the file that `st` describes. */
bool user_may(const struct user *user, const struct stat *st, unsigned rights);

/* Check that the user has these rights on the file, and may enter each directory of its path.
 * Returns 0, or -1 with a reason that names the directory or file. */
int user_reaches(const struct user *user, const char *path, unsigned rights, struct err *err);

/* Describe owner, group and mode as "OWNER:GROUP, mode 0660"; an id without a name is a number. The
 * text is static and valid until the next call. */
const char *user_describe_rights(const struct stat *st);

#endif
