/*
 * log: the error log of the pool, and the access log, which has one line for each request.
 */
#ifndef FASTCGI_LOG_H
#define FASTCGI_LOG_H

#include "util/buf.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

struct log {
    const char *path;        /* The path of the error log; NULL for stderr, without times. */
    const char *access_path; /* The path of the access log; NULL for none. */
    int access;              /* The descriptor of the access log; -1 while closed. */
    struct buf line, clean;  /* Scratch memory. */
};

/* A request that was answered. */
struct log_request {
    const char *id; /* The id that the web server gave the request; "" for none. */
    struct str method, path;
    int status;
    size_t bytes; /* The bytes of the response's body. */
    int64_t took; /* The nanoseconds from the request's first byte to its response. */
};

/*
 * Open both logs, or reopen them after somebody has moved the files away. The path "-" is the
 * standard output. The error log takes the place of stderr. Returns 0, or -1 with a reason; a log
 * that is open then stays open.
 */
int log_open(struct log *log, struct err *err);

/* Close the access log and free the scratch memory. */
void log_close(struct log *log);

/* Write one line to the error log, printf style. Line breaks in it become spaces. */
void log_print(const struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Write a request to the access log, if there is one, as a JSON object: time, id, method, path,
 * status, bytes, ms, pid. */
void log_request(struct log *log, const struct log_request *request);

#endif
