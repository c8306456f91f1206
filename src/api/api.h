/*
 * api: what the handlers work with, whichever front end runs them.
 */
#ifndef API_API_H
#define API_API_H

#include "segmenter/segment.h"
#include "snapshot/snapshot.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/url.h"

#include <stdbool.h>

struct route;

/* Routes that a front end adds to the table of endpoints, such as the pool's status pages. A zeroed
 * struct adds none. */
struct extra_routes {
    const struct route *at;
    size_t n;
    const void *context; /* The data of their handlers, borrowed. */
};

/*
 * The state of one process. The front end owns it and sets every field itself, except those that
 * api_init() allocates.
 */
struct api {
    /* The data to answer from, borrowed. The front end may exchange it between two requests. A
     * closed snapshot makes every endpoint answer 503. */
    const struct snapshot *snapshot;

    /* The one route that answers every path, or NULL to choose the route by the path. */
    const struct route *pinned;

    /* Routes besides the endpoints. An endpoint wins where both have the same path. */
    struct extra_routes extra;

    /* True to leave out the CORS headers. */
    bool no_cors;

    /* Scratch memory of the segmenter, words.c and text_request.c, allocated by api_init(). */
    struct segmenter *seg;
    struct buf tags, ranges;
    struct url_params form;
};

/* Allocate the scratch memory; the other fields stay as they are. Returns 0, or -1 with a reason
 * when memory runs out. */
int api_init(struct api *api, struct err *err);

/* Free the scratch memory. A zeroed struct is allowed. */
void api_free(struct api *api);

#endif
