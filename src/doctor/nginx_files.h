/*
 * nginx_files: reads the files of an nginx configuration, from disk or from the output of
 * `nginx -T`.
 */
#ifndef DOCTOR_NGINX_FILES_H
#define DOCTOR_NGINX_FILES_H

#include "util/buf.h"
#include "util/err.h"

/* The largest file, and the largest output of nginx -T, in bytes. */
#define NGINX_MAX_BYTES (16 * 1024 * 1024)

struct nginx_files {
    struct buf text; /* The main file, or the output of nginx -T; ends with a NUL. */
    bool printed;    /* Whether `text` is the output of nginx -T. */
    char main[4096]; /* The name of the main file. Includes are relative to its directory. */
};

/* Receives the name and the text of a file. Returns 0 or -1 with a reason. */
typedef int nginx_file_visit(void *arg, const char *name, struct str text, struct err *err);

/*
 * Open the configuration at `path`, which may also contain the output of `nginx -T`. If `path` is
 * NULL, run `nginx -T`. Returns 0 or -1 with a reason; the caller closes in both cases.
 */
int nginx_files_open(struct nginx_files *files, const char *path, struct err *err);
void nginx_files_close(struct nginx_files *files);

/* Call `visit` for the main file. Returns what it returns, or -1 with a reason. */
int nginx_files_main(const struct nginx_files *files, nginx_file_visit *visit, void *arg,
                     struct err *err);

/* Call `visit` for each file that matches the pattern of an include. Returns 0, also if no file
 * matches; or -1 with a reason at the first file that cannot be read or whose visit fails. */
int nginx_files_include(const struct nginx_files *files, const char *pattern,
                        nginx_file_visit *visit, void *arg, struct err *err);

#endif
