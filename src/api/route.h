/*
 * route: which endpoint answers a request. The table in routes.h is the one place where
 * endpoints are listed.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/event.h"
#include "api/handler.h"
#include "api/response.h"
#include "util/err.h"

/* The route of this name ("segment"), or NULL. Lambda's _HANDLER may name one. */
const struct route *route_by_name(struct str name);

/* The route that answers at a path, or NULL. */
const struct route *route_by_path(struct str path);

/* The routes by number, from 0 on; NULL after the last one. */
const struct route *route_at(size_t i);

/* The name and the path of a route, static. */
const char *route_name(const struct route *route);
const char *route_path(const struct route *route);

/*
 * Answer an event: find the route (404), settle the method (OPTIONS, 405), refuse what the edge
 * found wrong, call the handler, and add the headers that every answer has. Returns 0 when
 * `response` is the answer, 4xx included; -1 with a reason for a failure of our own, and then
 * `response` is a 500 that can be sent as it is, and the reason is for the log.
 */
int route_answer(struct api *api, const struct proxy_event *event, struct proxy_response *response,
                 struct err *err);

#endif
