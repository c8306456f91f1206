/*
 * proxy_query: reads the query parameters of an event. Front ends send them in different forms:
 *
 *   raw      rawQueryString as the client sent it (payload 2.0); without it, the decoded form
 *   decoded  queryStringParameters or multiValueQueryStringParameters, percent-decoded
 *            (API Gateway)
 *   encoded  the same two maps, still percent-encoded (Application Load Balancer); behind the path, or
            else one such map (VPC Lattice)
 *
 * A multi-value map that is not empty is preferred: the single-value map drops repetitions.
 */
#ifndef LAMBDA_PROXY_QUERY_H
#define LAMBDA_PROXY_QUERY_H

#include "api/event.h"
#include "lambda/proxy_source.h"

/* Fill source->params from source->json, or set event->fault where the query is to be refused.
 * Return 0, or -1 with a reason where a field has a wrong type. */
int proxy_query_raw(struct proxy_source *source, struct proxy_event *event, struct err *err);
int proxy_query_decoded(struct proxy_source *source, struct proxy_event *event, struct err *err);
int proxy_query_encoded(struct proxy_source *source, struct proxy_event *event, struct err *err);

/* Do the same for VPC Lattice; `raw` is the query string behind the path, and may be empty. */
int proxy_query_lattice(struct proxy_source *source, struct str raw, struct proxy_event *event,
                        struct err *err);

/* Do the same for a bare event: its keys are the parameters. Values are strings, numbers, true,
 * which becomes 1, and false, which becomes 0. */
int proxy_query_bare(struct proxy_source *source, struct proxy_event *event, struct err *err);

#endif
