/*
 * file: complete writes, names that last, and whether a file is a regular one, or still the same.
 */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include "util/str.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Write all bytes, going on after a signal. Returns 0, or -1 with `errno` set. */
int file_write_all(int fd, struct str bytes);

/* Whether two stats are of the same file, which may have changed between them. */
bool file_is_same(const struct stat *a, const struct stat *b);

/* Whether two stats are of the same file, and its size and time of change are the same, too. */
bool file_is_unchanged(const struct stat *a, const struct stat *b);

/* Whether `path` is neither a regular file nor a directory: a FIFO, say, for which a program may wait for
 * good. */
bool file_is_special(const char *path);

/* Sync the directory of `path`, so that a new name survives a crash. Returns 0, or -1 with `errno`
 * set. */
int file_sync_directory(const char *path);

#endif
