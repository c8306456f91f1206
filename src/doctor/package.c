#include "doctor/package.h"

#include <stdio.h>
#include <string.h>
#include <unzip.h>

#define PIECE     65536
#define MADE_UNIX 3 /* The system of an entry whose mode is that of stat(). */

/* Find an entry like dir/NAME. */
static void find_other(unzFile zip, const char *name, struct package_entry *entry)
{
    char at[sizeof entry->other];
    for (int next = unzGoToFirstFile(zip); next == UNZ_OK; next = unzGoToNextFile(zip)) {
        if (unzGetCurrentFileInfo64(zip, NULL, at, sizeof at, NULL, 0, NULL, 0) != UNZ_OK)
            return;
        at[sizeof at - 1] = '\0';
        const char *slash = strrchr(at, '/');
        if (slash && !strcmp(slash + 1, name))
            strcpy(entry->other, at);
    }
}

/* Read at most `most` bytes of the current entry. Returns 0 or -1. */
static int read_content(unzFile zip, size_t most, struct buf *content)
{
    int n = 1;
    while (n > 0 && content->len < most && buf_reserve(content, PIECE)) {
        size_t left = most - content->len;
        n = unzReadCurrentFile(zip, content->at + content->len,
                               (unsigned)(left < PIECE ? left : PIECE));
        content->len += n > 0 ? (size_t)n : 0;
    }
    return n < 0 || content->failed ? -1 : 0;
}

/* Read an entry, if there is one of this name. Returns 0 or -1. */
static int read_entry(unzFile zip, const char *name, size_t most, struct package_entry *entry)
{
    unz_file_info64 info;
    entry->found = unzLocateFile(zip, name, 1) == UNZ_OK;
    if (!entry->found) {
        find_other(zip, name, entry);
        return 0;
    }
    if (unzGetCurrentFileInfo64(zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        unzOpenCurrentFile(zip) != UNZ_OK)
        return -1;
    entry->mode = info.version >> 8 == MADE_UNIX ? (unsigned)(info.external_fa >> 16) : 0;
    entry->size = info.uncompressed_size;
    int status = read_content(zip, most, &entry->content);
    return unzCloseCurrentFile(zip) == UNZ_OK ? status : -1;
}

int package_read(const char *path, const char *name, size_t most, struct package_entry *entry,
                 struct err *err)
{
    *entry = (struct package_entry){0};
    unzFile zip = unzOpen64(path);
    if (!zip)
        return err_set(err, "%s is not a zip file, or cannot be read", path);
    int status = read_entry(zip, name, most, entry);
    unzClose(zip);
    return status ? err_set(err, "%s in %s is damaged", name, path) : 0;
}
