/*
 * proxy_source: the parsed JSON of an event, its shape, and the memory that the request made of it
 * borrows from.
 */
#ifndef LAMBDA_PROXY_SOURCE_H
#define LAMBDA_PROXY_SOURCE_H

#include "util/buf.h"
#include "util/err.h"
#include "util/url.h"

#include <jansson.h>
#include <stdbool.h>

enum proxy_shape {
    PROXY_BARE,         /* {"text": …} or {"num1": …}, such as a test event of the console */
    PROXY_REST,         /* API Gateway, REST API with proxy integration, payload 1.0 */
    PROXY_HTTP_1,       /* API Gateway, HTTP API, payload 1.0 */
    PROXY_HTTP_2,       /* API Gateway, HTTP API, payload 2.0 */
    PROXY_FUNCTION_URL, /* Lambda function URL: payload 2.0 with the path still percent-encoded */
    PROXY_ALB,          /* Application Load Balancer, one value per header */
    PROXY_ALB_MULTI,    /* Application Load Balancer, multi-value headers */
    PROXY_LATTICE_1,    /* VPC Lattice, event structure V1 */
    PROXY_LATTICE_2,    /* VPC Lattice, event structure V2 */
    PROXY_PING,         /* A scheduled event or another one that only keeps the function warm */
};

/* A zeroed struct is empty. The same struct reads one event after another and keeps its memory. */
struct proxy_source {
    enum proxy_shape shape;
    json_t *json;
    struct url_params params;   /* The parsed query parameters. */
    struct buf path;            /* The path, where it had to be percent-decoded. */
    struct buf query;           /* A query string, or numbers, put together from JSON values. */
    struct buf body;            /* The body, where it had to be base64-decoded. */
    struct str accept_encoding; /* The value of Accept-Encoding; empty without this header. */
};

/* Forget the last event, and keep the memory. */
void proxy_source_reset(struct proxy_source *source);

/* Parse the JSON text of an event into source->json, which copies what it needs from `text`.
 * Returns 0, or -1 with a reason where the text is not a JSON object. */
int proxy_source_parse(struct proxy_source *source, struct str text, struct err *err);

/* Whether the event comes from a load balancer. */
bool proxy_shape_is_alb(enum proxy_shape shape);

/* Whether the event comes from VPC Lattice. */
bool proxy_shape_is_lattice(enum proxy_shape shape);

/* Whether the event has payload 2.0. */
bool proxy_shape_is_payload_2(enum proxy_shape shape);

void proxy_source_free(struct proxy_source *source);

#endif
