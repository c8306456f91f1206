/*
 * response: the answer to a request, the same for both front ends.
 */
#ifndef API_RESPONSE_H
#define API_RESPONSE_H

#include "api/refusal.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define PROXY_MAX_HEADERS 12

/* Bytes of a weak entity tag of 16 hexadecimal digits, W/"…", and its NUL. */
#define PROXY_ETAG_SIZE 21

struct proxy_header {
    const char *name; /* The name, static. */
    struct str value; /* The value, borrowed until the response is sent. */
};

/* The content type of nearly every body. */
#define PROXY_JSON "application/json; charset=utf-8"

struct proxy_response;

/* Send a piece of the body, after the status and the headers where it is the first one. Returns 0, or
 * -1 where the client has gone. */
typedef int proxy_send_piece(void *arg, const struct proxy_response *response, struct str piece);

/*
 * A zeroed struct is valid; reset it for each request. Keep it between requests to reuse the memory
 * of the body.
 *
 * A response is complete before the front end sends it, or it is streamed: then the front end sends the
 * body in pieces while the handler still writes it, and what remains in `body` at the end.
 */
struct proxy_response {
    int status;
    const char *content_type;   /* The content type, static; PROXY_JSON unless set. */
    struct str accept_language; /* The language of errors, set by route_answer(); borrowed. */
    struct proxy_header headers[PROXY_MAX_HEADERS];
    size_t n_headers;

    /* How long caches may keep a response that is no refusal, as the value of Cache-Control, static; and
     * its entity tag. Set by caching_begin(); NULL and empty without that. */
    const char *cache_control;
    char etag[PROXY_ETAG_SIZE];

    /* The body in UTF-8, empty for 204, 304 and for HEAD; where pieces were sent, the rest of it. */
    struct buf body;

    /* Bytes of the body; for HEAD, bytes of the body that GET would have. */
    size_t content_length;

    /* The front end's function that sends a piece of the body, and its first argument; NULL where the
     * front end needs the whole body. */
    proxy_send_piece *send_piece;
    void *send_arg;

    /* Where the pieces of the body go after proxy_response_stream(); set by route_answer(). */
    struct buf_sink sink;

    bool is_begun;  /* Whether the headers and a piece of the body have been sent. */
    bool is_broken; /* Whether the rest cannot be sent: the front end closes the connection. */
};

/* Make the response an empty 200 without headers. Keeps the memory and the limit of the body, and the
 * function that sends pieces. */
void proxy_response_reset(struct proxy_response *response);

void proxy_response_free(struct proxy_response *response);

/* Stream the response, unless the front end needs the whole body. From here on the handler must not
 * change status and headers, nor refuse the request. */
void proxy_response_stream(struct proxy_response *response);

/* Add a header whose value is borrowed from the event or the snapshot until the response is sent.
 * The value must not contain control characters. A response has room for PROXY_MAX_HEADERS; exceeding
 * that is a programming error, and the header is left out. */
void proxy_response_header_str(struct proxy_response *response, const char *name, struct str value);

/* Do the same with a C string. Inline, since the length of most values is then known. */
static inline void proxy_response_header(struct proxy_response *response, const char *name,
                                         const char *value)
{
    proxy_response_header_str(response, name, str_of(value));
}

/* Refuse the request: set the status, and make the body the JSON of an error, with the values for its
 * placeholders; NULL for none. Returns 0, so that a handler can `return proxy_response_refuse(...)`. */
int proxy_response_refuse(struct proxy_response *response, enum refusal refusal,
                          const struct refusal_values *values);

#endif
