/*
 * proxy_event: the JSON of an event, as each of Lambda's HTTP front ends sends it, made a `struct
 * proxy_event`.
 */
#ifndef LAMBDA_PROXY_EVENT_H
#define LAMBDA_PROXY_EVENT_H

#include "api/event.h"
#include "api/route.h"
#include "util/err.h"

#include <jansson.h>

enum proxy_shape {
    PROXY_BARE,         /* {"text": …} or {"num1": …}, as a test in the console sends */
    PROXY_REST,         /* API Gateway, REST API with proxy integration, payload 1.0 */
    PROXY_HTTP_1,       /* API Gateway, HTTP API, payload 1.0 */
    PROXY_HTTP_2,       /* API Gateway, HTTP API, payload 2.0 */
    PROXY_FUNCTION_URL, /* Lambda function URL; payload 2.0, but the path is as sent */
    PROXY_ALB,          /* Application Load Balancer, with a single value per header */
    PROXY_ALB_MULTI,    /* Application Load Balancer, with multi-value headers */
};

/* What an event borrows its text from. Kept between events, so that memory is reused; a zeroed one
 * is empty. */
struct proxy_source {
    enum proxy_shape shape;
    json_t *json;
    struct url_params params;
    struct buf path, query, body; /* decoded, or put together, where the JSON does not have it so */
    size_t query_length;          /* of a query that came decoded: what it had at least */
    struct err fault;             /* the text of a fault that is not static */
};

/*
 * Read the JSON text of an event of any shape. `event` borrows from `source` and not from `text`,
 * until the next read. `pinned` is the route of a function that has one route only, else NULL: a
 * bare event is then for that route. A null anywhere is as if the key were not there.
 *
 * Returns 0, also where the request is a bad one (see struct proxy_fault); or -1 with a reason
 * where no request could be made of it, and then `*type` is the error type to report, static.
 */
int proxy_event_read(struct proxy_source *source, struct str text, const struct route *pinned,
                     struct proxy_event *event, const char **type, struct err *err);

void proxy_source_free(struct proxy_source *source);

#endif
