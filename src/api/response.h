/*
 * response: the answer to a request, the same for both front ends.
 */
#ifndef API_RESPONSE_H
#define API_RESPONSE_H

#include "util/buf.h"

#include <stddef.h>

#define PROXY_MAX_HEADERS 8

struct proxy_header {
    const char *name; /* The name, static. */
    struct str value; /* The value, borrowed until the response is sent. */
};

/* The content type of nearly every body. */
#define PROXY_JSON "application/json; charset=utf-8"

/* A zeroed struct is valid; reset it for each request. Keep it between requests to reuse the memory
 * of the body. */
struct proxy_response {
    int status;
    const char *content_type; /* The content type, static; PROXY_JSON unless set. */
    struct proxy_header headers[PROXY_MAX_HEADERS];
    size_t n_headers;
    struct buf body; /* The body in UTF-8; empty for 204 and for HEAD. */

    /* Bytes of the body; for HEAD, bytes of the body that GET would have. */
    size_t content_length;
};

/* Make the response an empty 200 without headers. Keeps the memory of the body. */
void proxy_response_reset(struct proxy_response *response);

void proxy_response_free(struct proxy_response *response);

/* Add a header. A response has room for PROXY_MAX_HEADERS; exceeding that is a programming error,
 * and the header is left out. */
void proxy_response_header(struct proxy_response *response, const char *name, const char *value);

/* Add a header whose value is borrowed from the event or the snapshot until the response is sent.
 * The value must not contain control characters. */
void proxy_response_header_str(struct proxy_response *response, const char *name, struct str value);

/* Set the status, and make the body the JSON {"error": text}. Returns 0, so that a handler can refuse
 * a request by `return proxy_response_error(...)`. */
int proxy_response_error(struct proxy_response *response, int status, const char *text);

#endif
