/*
 * route: finds the endpoint for a request, and runs it. Every response of both front ends comes
 * from here. The table of endpoints is in routes.h.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/handler.h"

struct route {
    const char *name;       /* The name in _HANDLER, /metrics and /status: "segment". */
    const char *path;       /* The path: "/segment". */
    const char *methods;    /* The methods it takes, as the Allow header lists them. */
    route_handler *handler; /* The function that answers. */

    /* True for a status page: it works without a snapshot, is never cached, and has no CORS
     * headers. */
    bool internal;
};

/* Find the endpoint of this name. Returns NULL where there is none. */
const struct route *route_by_name(struct str name);

/* Return endpoint number `i` of the table, counted from 0, or NULL after the last one. */
const struct route *route_at(size_t i);

/* Find the route for a path: the pinned one, else an endpoint, else one of the extra routes.
 * Returns NULL where none has this path. */
const struct route *route_find(const struct api *api, struct str path);

/*
 * Answer an event by the route that route_find() returned for its path. Refuses in this order: no
 * such path (404), another method (405), the event's fault, no snapshot (503); then the handler
 * decides. OPTIONS is answered without the handler.
 *
 * A body that does not fit into its limit is replaced by a 413. Where response->is_begun, the headers
 * and the first pieces of the body have been sent already.
 *
 * Returns 0 when `response` is the answer, a refusal included. Returns -1 with a reason for the log
 * when the service failed; `response` is then a 500. Either one can be sent as it is, unless
 * response->is_broken: the client has gone, or the service failed after the first piece.
 */
int route_answer(struct api *api, const struct route *route, const struct proxy_event *event,
                 struct proxy_response *response, struct err *err);

/* Replace the response by an error that can be sent as it is, for a front end that cannot send what
 * route_answer() made. */
void route_refuse(const struct api *api, const struct route *route, const struct proxy_event *event,
                  struct proxy_response *response, enum refusal refusal);

#endif
