/*
 * log: what the pool has to say, and one line a request where that is wanted.
 */
#ifndef FASTCGI_LOG_H
#define FASTCGI_LOG_H

#include "api/event.h"
#include "util/buf.h"
#include "util/err.h"

#include <stdint.h>

struct log {
    const char *path;        /* of the errors, which come with their time then; NULL: stderr */
    const char *access_path; /* of the requests; NULL: they are not logged */
    int access;              /* its descriptor, or -1 */
    struct buf line, clean;  /* scratch */
};

/* One request that was answered. */
struct log_request {
    const char *id; /* that of the server in front, or empty */
    struct str method, path;
    int status;
    size_t bytes; /* of the body */
    int64_t took; /* ns */
};

/* Open both files, or open them anew, after somebody has moved them away; "-" is the standard
 * output. stderr becomes the first.
 * Returns 0, or -1 with a reason, and what is open then stays. */
int log_open(struct log *log, struct err *err);

void log_close(struct log *log);

/* Say something, printf style, in one line. */
void log_say(const struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write the line of a request, a JSON object: time, id, method, path, status, bytes, ms, pid. */
void log_request(struct log *log, const struct log_request *request);

#endif
