/*
 * handler: the function behind an endpoint. A handler reads the event and fills the response.
 * Besides these two it sees `struct api`, and nothing of nginx, FastCGI, Lambda or SQLite.
 */
#ifndef API_HANDLER_H
#define API_HANDLER_H

#include "api/api.h"
#include "api/event.h"
#include "api/response.h"
#include "util/err.h"

/*
 * Answer an event. The response comes in empty, with status 200 and the content type of JSON.
 * Returns 0 when the response is complete; this includes refusing a request with a 4xx. Returns -1
 * with a reason for a failure of the service itself, which becomes a 500. A handler whose body may be
 * large calls proxy_response_stream() as soon as it will no longer refuse the request.
 */
typedef int route_handler(struct api *api, const struct proxy_event *event,
                          struct proxy_response *response, struct err *err);

/* The handlers of all endpoints. */
#define ROUTE(handler, name, path, methods) route_handler handler;
#include "api/routes.h"
#undef ROUTE

#endif
