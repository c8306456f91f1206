/*
 * http: a small, strict HTTP/1.1 client for the Runtime API: one server, one connection that is
 * kept alive, one exchange at a time. It has no time-outs: see runtime.h.
 *
 * It takes bodies by Content-Length, chunked (extensions and trailers are skipped), and up to the
 * close of the connection; it skips 1xx answers, and refuses what is not HTTP/1.x to the letter.
 */
#ifndef LAMBDA_HTTP_H
#define LAMBDA_HTTP_H

#include "util/err.h"
#include "util/str.h"

#include <stddef.h>

/* Bytes that the head of an answer, and its trailers, may have. */
#define HTTP_MAX_HEAD (64 * 1024)

/* Bytes that the body of an answer may have: Lambda's largest event has 6 MB. */
#define HTTP_MAX_BODY (7 * 1024 * 1024)

struct http_answer {
    int status;      /* 200 to 599; 0 when no whole head came */
    struct str head; /* the header lines; see http_header() */
    struct str body;
};

struct http;

/* A client of the server at "HOST:PORT" (see address_parse()); it connects with the first request.
 * Returns NULL with a reason. */
struct http *http_open(const char *server, struct err *err);

/* Close and free; NULL is allowed. */
void http_close(struct http *http);

/*
 * Send a request and read the answer, which is valid until the next one. A kept connection that
 * proves dead before a byte of an answer came is replaced, and the request is sent again, once: it
 * may arrive twice. Returns 0, or -1 with a reason; then `answer` has the status and the head if
 * these came whole, and no body.
 */
int http_get(struct http *http, const char *target, struct http_answer *answer, struct err *err);

/* The same with a body, which is JSON. `headers` are more header lines, each ending with CR LF, or
 * "". */
int http_post(struct http *http, const char *target, const char *headers, struct str body,
              struct http_answer *answer, struct err *err);

/* The value of the first header of this name, without regard to case; its `at` is NULL where there
 * is none. Borrowed from the answer. */
struct str http_header(const struct http_answer *answer, const char *name);

#endif
