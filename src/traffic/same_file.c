#include "traffic/same_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What tells files apart, and a path of the file. */
struct identity {
    dev_t device;
    ino_t number;
    const char *path;
};

/* Find the identity of a regular file. Returns false where the path has none. */
static bool identify(const char *path, struct identity *identity)
{
    struct stat file;
    int failed = strcmp(path, "-") ? stat(path, &file) : fstat(STDIN_FILENO, &file);
    if (failed || !S_ISREG(file.st_mode))
        return false;
    *identity = (struct identity){file.st_dev, file.st_ino, path};
    return true;
}

static int compare_identities(const void *a, const void *b)
{
    const struct identity *left = a, *right = b;
    if (left->device != right->device)
        return left->device < right->device ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

int same_file_refuse(const char *const *paths, int n, struct err *err)
{
    struct identity *files = calloc((size_t)n, sizeof *files);
    size_t found = 0;
    int status = 0;
    if (!files)
        return err_set(err, "out of memory for the names of the logs");
    for (int i = 0; i < n; i++) {
        if (identify(paths[i], &files[found]))
            found++;
    }
    qsort(files, found, sizeof *files, compare_identities);
    for (size_t i = 1; i < found && !status; i++) {
        if (compare_identities(&files[i - 1], &files[i]) == 0)
            status = err_set(err, "%s and %s are the same file: name it once", files[i - 1].path,
                             files[i].path);
    }
    free(files);
    return status;
}
