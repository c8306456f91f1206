#include "doctor/person.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(struct person *person, const struct passwd *entry)
{
    snprintf(person->name, sizeof person->name, "%s", entry->pw_name);
    person->uid = entry->pw_uid;
    person->n_groups = PERSON_GROUPS;
    if (getgrouplist(entry->pw_name, entry->pw_gid, person->groups, &person->n_groups) < 0)
        person->n_groups = PERSON_GROUPS; /* more than that are not looked at */
}

int person_by_name(struct person *person, const char *name, struct err *err)
{
    const struct passwd *entry = getpwnam(name);
    if (!entry)
        return err_set(err, "there is no user %s", name);
    fill(person, entry);
    return 0;
}

int person_by_uid(struct person *person, uid_t uid, struct err *err)
{
    const struct passwd *entry = getpwuid(uid);
    if (!entry)
        return err_set(err, "there is no user with the number %u", uid);
    fill(person, entry);
    return 0;
}

static bool is_in(const struct person *person, gid_t group)
{
    for (int i = 0; i < person->n_groups; i++) {
        if (person->groups[i] == group)
            return true;
    }
    return false;
}

bool person_may(const struct person *person, const struct stat *st, unsigned rights)
{
    unsigned shift = st->st_uid == person->uid ? 6 : is_in(person, st->st_gid) ? 3 : 0;
    return person->uid == 0 || (st->st_mode >> shift & rights) == rights;
}

static int check_one(const struct person *person, const char *path, unsigned rights,
                     struct err *err)
{
    struct stat st;
    if (stat(path, &st))
        return err_errno(err, "cannot look at %s", path);
    if (person_may(person, &st, rights))
        return 0;
    const char *what = rights & PERSON_WRITES  ? "write to"
                       : rights & PERSON_READS ? "read"
                                               : "enter";
    return err_set(err, "%s may not %s %s (%s)", person->name, what, path, person_rights_of(&st));
}

int person_reaches(const struct person *person, const char *path, unsigned rights, struct err *err)
{
    char *whole = realpath(path, NULL);
    if (!whole)
        return err_errno(err, "cannot look at %s", path);
    int status = check_one(person, "/", PERSON_ENTERS, err);
    for (char *slash = strchr(whole + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = check_one(person, whole, PERSON_ENTERS, err);
        *slash = '/';
    }
    if (!status)
        status = check_one(person, whole, rights, err);
    free(whole);
    return status;
}

const char *person_rights_of(const struct stat *st)
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
