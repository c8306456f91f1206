#include "snapshot/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary file is called SNAPSHOT.new-XXXXXX; mkostemp() replaces each X. */
#define INFIX "new-"
#define XS    "XXXXXX"

/* Whether a file's name is that of a temporary file of the snapshot `base`. */
static bool is_temporary(const char *name, const char *base)
{
    size_t len = strlen(base);
    return !strncmp(name, base, len) && !strncmp(name + len, "." INFIX, strlen("." INFIX)) &&
           strlen(name + len) == strlen("." INFIX XS);
}

/* Remove a file unless its writer holds its lock. */
static void remove_unlocked(int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (!flock(fd, LOCK_EX | LOCK_NB))
        unlinkat(directory, name, 0);
    close(fd);
}

/* Remove what killed writers have left beside `path`. A failure is no reason not to write. */
static void remove_leftovers(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *directory = slash ? strndup(path, (size_t)(base - path)) : strdup(".");
    DIR *dir = directory ? opendir(directory) : NULL;
    free(directory);
    if (!dir)
        return;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (is_temporary(entry->d_name, base))
            remove_unlocked(dirfd(dir), entry->d_name);
    }
    closedir(dir);
}

/* Lock a new file. Returns whether it still has its name: another writer may have removed it before
 * it was locked. A file system without locks keeps its leftovers. */
static bool lock_file(int fd)
{
    struct stat st;
    flock(fd, LOCK_EX);
    return fstat(fd, &st) || st.st_nlink > 0;
}

int temporary_create(const char *path, char **name, struct err *err)
{
    remove_leftovers(path);
    for (;;) {
        if (asprintf(name, "%s." INFIX XS, path) < 0) {
            *name = NULL;
            return err_set(err, "out of memory for the name of a temporary file");
        }
        int fd = mkostemp(*name, O_CLOEXEC);
        if (fd >= 0 && lock_file(fd))
            return fd;
        if (fd < 0)
            err_errno(err, "cannot create %s", *name);
        free(*name);
        *name = NULL;
        if (fd < 0)
            return -1;
        close(fd);
    }
}
