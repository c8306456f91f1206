/*
 * response: what a handler answers, the same for every edge.
 */
#ifndef API_RESPONSE_H
#define API_RESPONSE_H

#include "util/buf.h"

#include <stddef.h>

#define PROXY_MAX_HEADERS 8

struct proxy_header {
    const char *name; /* static text */
    struct str value; /* borrowed, until the response is sent */
};

/* What nearly every body is. */
#define PROXY_JSON "application/json; charset=utf-8"

/* Kept between requests, so that the body's memory is reused. To be zeroed, and then reset for each
 * request. */
struct proxy_response {
    int status;
    const char *content_type; /* of the body; static text. JSON, unless a handler sets another */
    struct proxy_header headers[PROXY_MAX_HEADERS];
    size_t n_headers;
    struct buf body;       /* UTF-8; empty for 204 and for HEAD */
    size_t content_length; /* of the body; for HEAD, of the body that GET would have had */
};

/* Make it an empty 200 without headers; the body's memory is kept. */
void proxy_response_reset(struct proxy_response *response);

void proxy_response_free(struct proxy_response *response);

/* Add a header, at most PROXY_MAX_HEADERS of them (more are a programming error, and left out). */
void proxy_response_header(struct proxy_response *response, const char *name, const char *value);

/* The same with a value that is no C string, borrowed until the response is sent: from the event or
 * from the snapshot. It must have no control characters. */
void proxy_response_header_str(struct proxy_response *response, const char *name, struct str value);

/* Make the body {"error": text}, as JSON, with this status. Returns 0, so that a handler refuses a
 * request with `return proxy_response_error(...)`. */
int proxy_response_error(struct proxy_response *response, int status, const char *text);

#endif
