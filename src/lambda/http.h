/*
 * http: a small, strict HTTP/1.1 client for the Runtime API: one server, one keep-alive connection,
 * one exchange at a time. It has no time-outs; runtime.h says why.
 *
 * It reads bodies with Content-Length, chunked bodies (skipping extensions and trailers), and
 * bodies that end with the connection. It skips 1xx responses and rejects anything that is not
 * strictly HTTP/1.x.
 */
#ifndef LAMBDA_HTTP_H
#define LAMBDA_HTTP_H

#include "util/err.h"
#include "util/str.h"

#include <stddef.h>

/* The largest body of an answer, in bytes: more than AWS_MAX_EVENT. */
#define HTTP_MAX_BODY (7 * 1024 * 1024)

struct http_answer {
    int status;      /* 200 to 599; 0 if no complete head came. */
    struct str head; /* The header lines; see http_header(). */
    struct str body;
};

struct http;

/* Make a client of the server at "HOST:PORT" (see address_parse()). It connects at the first
 * request. Returns NULL with a reason. */
struct http *http_open(const char *server, struct err *err);

/* Close and free; NULL is allowed. */
void http_close(struct http *http);

/*
 * Send a GET request and read the answer, which is valid until the next request. If a reused
 * connection turns out to be dead before a byte of the answer came, the request is sent once more
 * over a new connection, so the server may receive it twice. Returns 0, or -1 with a reason; then
 * `answer` has no body, but has status and head if these came completely.
 */
int http_get(struct http *http, const char *target, struct http_answer *answer, struct err *err);

/* Send a POST request with a JSON body, in the same way. `headers` are additional header lines, each
 * ending with CR LF, or "". */
int http_post(struct http *http, const char *target, const char *headers, struct str body,
              struct http_answer *answer, struct err *err);

/* The value of the first header named `name`, ignoring case; borrowed from the answer. Its `at` is
 * NULL if there is none. */
struct str http_header(const struct http_answer *answer, const char *name);

#endif
