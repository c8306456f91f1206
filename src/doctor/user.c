#include "doctor/user.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_user(struct user *user, const struct passwd *entry)
{
    snprintf(user->name, sizeof user->name, "%s", entry->pw_name);
    user->uid = entry->pw_uid;
    user->n_groups = USER_MAX_GROUPS;
    if (getgrouplist(entry->pw_name, entry->pw_gid, user->groups, &user->n_groups) < 0)
        user->n_groups = USER_MAX_GROUPS; /* the others are ignored */
}

int user_by_name(struct user *user, const char *name, struct err *err)
{
    const struct passwd *entry = getpwnam(name);
    if (!entry)
        return err_set(err, "there is no user '%s'", name);
    set_user(user, entry);
    return 0;
}

int user_by_uid(struct user *user, uid_t uid, struct err *err)
{
    const struct passwd *entry = getpwuid(uid);
    if (!entry)
        return err_set(err, "there is no user with the id %u", uid);
    set_user(user, entry);
    return 0;
}

static bool is_in_group(const struct user *user, gid_t group)
{
    for (int i = 0; i < user->n_groups; i++) {
        if (user->groups[i] == group)
            return true;
    }
    return false;
}

bool user_may(const struct user *user, const struct stat *st, unsigned rights)
{
    unsigned shift = st->st_uid == user->uid ? 6 : is_in_group(user, st->st_gid) ? 3 : 0;
    return user->uid == 0 || (st->st_mode >> shift & rights) == rights;
}

/* Check the rights on one file, whatever its path. Returns 0 or -1 with a reason. */
static int check_one(const struct user *user, const char *path, unsigned rights, struct err *err)
{
    struct stat st;
    if (stat(path, &st))
        return err_errno(err, "cannot stat %s", path);
    if (user_may(user, &st, rights))
        return 0;
    const char *what = rights & USER_MAY_WRITE  ? "write to"
                       : rights & USER_MAY_READ ? "read"
                                                : "enter";
    return err_set(err, "%s may not %s %s (%s)", user->name, what, path, user_describe_rights(&st));
}

int user_reaches(const struct user *user, const char *path, unsigned rights, struct err *err)
{
    char *whole = realpath(path, NULL);
    if (!whole)
        return err_errno(err, "cannot resolve the path %s", path);
    int status = check_one(user, "/", USER_MAY_ENTER, err);
    for (char *slash = strchr(whole + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = check_one(user, whole, USER_MAY_ENTER, err);
        *slash = '/';
    }
    if (!status)
        status = check_one(user, whole, rights, err);
    free(whole);
    return status;
}

const char *user_describe_rights(const struct stat *st)
{
    static char text[192];
    const struct passwd *owner = getpwuid(st->st_uid);
    char number[24];
    snprintf(number, sizeof number, "%u", st->st_uid);
    int len = snprintf(text, sizeof text, "%.64s:", owner ? owner->pw_name : number);
    const struct group *group = getgrgid(st->st_gid);
    snprintf(number, sizeof number, "%u", st->st_gid);
    snprintf(text + len, sizeof text - (size_t)len, "%.64s, mode %04o",
             group ? group->gr_name : number, st->st_mode & 07777);
    return text;
}
