/*
 * nginx_files: the files that a configuration of nginx consists of, from the disk or from what
 * `nginx -T` prints.
 */
#ifndef DOCTOR_NGINX_FILES_H
#define DOCTOR_NGINX_FILES_H

#include "util/buf.h"
#include "util/err.h"

/* Bytes of a file, and of what nginx -T prints. */
#define NGINX_MAX_BYTES (16 * 1024 * 1024)

struct nginx_files {
    struct buf text; /* the main file, or all that was printed; ended by NUL */
    bool printed;    /* by nginx -T */
    char main[4096]; /* the name of the main file; its directory is where includes begin */
};

/* Takes a file: its name, and its text. Returns 0 or -1 with a reason. */
typedef int nginx_file_visit(void *arg, const char *name, struct str text, struct err *err);

/*
 * Open the configuration at `path`, which may also hold what `nginx -T` prints; NULL runs
 * `nginx -T`. Returns 0, or -1 with a reason; to be closed in both cases.
 */
int nginx_files_open(struct nginx_files *files, const char *path, struct err *err);
void nginx_files_close(struct nginx_files *files);

/* Visit the main file. Returns what the visit does, or -1 with a reason. */
int nginx_files_main(const struct nginx_files *files, nginx_file_visit *visit, void *arg,
                     struct err *err);

/* Visit the files that the argument of an include names; there may be none. Returns 0, or -1 at the
 * first that cannot be read, or whose visit fails. */
int nginx_files_include(const struct nginx_files *files, const char *pattern,
                        nginx_file_visit *visit, void *arg, struct err *err);

#endif
