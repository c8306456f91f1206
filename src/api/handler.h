/*
 * handler: one endpoint. A handler reads the event, and fills the response; besides these it sees
 * the snapshot and the scratch memory in `struct api`, and nothing else.
 */
#ifndef API_HANDLER_H
#define API_HANDLER_H

#include "api/event.h"
#include "api/response.h"
#include "segmenter/segment.h"
#include "snapshot/snapshot.h"
#include "util/err.h"

#include <stdbool.h>

struct route;

/* What requests are answered from: one per process, owned by its edge. */
struct api {
    const struct snapshot *snapshot; /* borrowed; the edge may change it between two requests */
    struct segmenter *seg;           /* the segmenter's scratch memory, owned; see api_init() */
    struct buf tags, offsets;        /* scratch memory of api/words.c, owned */
    const struct route *pinned;      /* answer with this route whatever the path is; else NULL */
    bool no_cors;                    /* leave out the CORS headers */
};

/* Allocate what is owned. Returns 0 or -1 with a reason. */
int api_init(struct api *api, struct err *err);

void api_free(struct api *api);

/* A handler that refuses a request has answered it, and returns 0; -1 with a reason is for failures
 * of our own. The response comes in empty, with status 200. */
typedef int route_handler(struct api *api, const struct proxy_event *event,
                          struct proxy_response *response, struct err *err);

/* The handlers of the table. */
#define ROUTE(handler, name, path, methods) route_handler handler;
#include "api/routes.h"
#undef ROUTE

#endif
