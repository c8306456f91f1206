/*
 * request: a FastCGI request as an event, and a response as CGI output.
 *
 * The server in front sends these parameters: REQUEST_METHOD, DOCUMENT_URI (the path, decoded),
 * QUERY_STRING (as sent), CONTENT_TYPE, CONTENT_LENGTH, and REQUEST_ID for the log. Others are not
 * looked at.
 */
#ifndef FASTCGI_REQUEST_H
#define FASTCGI_REQUEST_H

#include "api/event.h"
#include "api/response.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/url.h"

#include <fcgiapp.h>

/* What one request needs, kept for the next one. A zeroed struct is ready for use. */
struct request {
    struct proxy_event event; /* valid until the next request_read() */
    struct url_params params;
    struct buf body, out;
    struct err fault;
};

/*
 * Read a request that libfcgi has accepted. What is wrong with it goes into the event's fault. The
 * body is read up to PROXY_MAX_BODY and to its end; where more comes, or less than announced, the
 * connection is marked to be closed after the answer, so that a kept one stays in step.
 */
void request_read(struct request *request, FCGX_Request *fcgi);

/* Send the response. A client that is gone is no error. */
void request_send(struct request *request, FCGX_Request *fcgi,
                  const struct proxy_response *response);

void request_free(struct request *request);

#endif
