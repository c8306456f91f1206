/*
 * request: reads a FastCGI request as an event, and sends a response as CGI output.
 *
 * The web server passes these parameters: REQUEST_METHOD, the path and perhaps an id (cgi.h),
 * QUERY_STRING (as sent), CONTENT_TYPE, CONTENT_LENGTH, HTTP_IF_NONE_MATCH and HTTP_ACCEPT_LANGUAGE.
 * Others are ignored.
 */
#ifndef FASTCGI_REQUEST_H
#define FASTCGI_REQUEST_H

#include "api/event.h"
#include "api/response.h"
#include "util/buf.h"
#include "util/url.h"

#include <fcgiapp.h>
#include <stdint.h>

/* A request, whose memory the next one uses again. A zeroed struct is ready for use. */
struct request {
    struct proxy_event event; /* The request as an event, valid until the next request_read(). */
    FCGX_Request *fcgi;       /* The request in libfcgi, borrowed. */
    struct url_params params; /* The parameters of the query. */
    struct buf path;          /* Memory for the path of the event. */
    struct buf body;          /* The body of the request. */
    struct buf out;           /* The status and the headers of the response. */
};

/* Return the announced length of the body of a request that libfcgi has accepted; 0 where it is
 * missing or invalid. */
uint64_t request_length(const FCGX_Request *fcgi);

/*
 * Read a request that libfcgi has accepted. A fault in the request goes into the event, so that
 * route_answer() refuses it.
 *
 * A body whose announced length is invalid or above PROXY_MAX_BODY is not read. In that case, or
 * when more bytes come than announced, the connection is closed after the response, since the next
 * request on it could not be found.
 */
void request_read(struct request *request, FCGX_Request *fcgi);

/* Send a piece of the body, after the head where it is the first one: a `proxy_send_piece` whose `arg`
 * is the request. */
int request_send_piece(void *arg, const struct proxy_response *response, struct str piece);

/* Send the response, or what is left of one that is sent in pieces. Ignores a connection that the web
 * server has closed. */
void request_send(struct request *request, const struct proxy_response *response);

/* End the request. If its response is broken, close the connection, so that the web server sees that
 * the response is incomplete. */
void request_end(struct request *request, const struct proxy_response *response);

/* Free the memory. */
void request_free(struct request *request);

#endif
