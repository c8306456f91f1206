/*
 * proxy_query: the query of an event as parameters. Front ends differ in what they send:
 *
 *   raw      rawQueryString, as it came (payload 2.0); without one, the map of the next line
 *   decoded  queryStringParameters or multiValueQueryStringParameters, percent-encoding undone
 *            (API Gateway)
 *   encoded  the same two maps, percent-encoded as they came (Application Load Balancer)
 *
 * The map of multiple values is preferred where it has any, since the other has lost repeated
 * parameters.
 */
#ifndef LAMBDA_PROXY_QUERY_H
#define LAMBDA_PROXY_QUERY_H

#include "api/event.h"
#include "lambda/proxy_event.h"

/* Each fills source->params from source->json, and notes a query that is to be refused in
 * event->fault. Returns 0, or -1 with a reason where a field has a wrong type. */
int proxy_query_raw(struct proxy_source *source, struct proxy_event *event, struct err *err);
int proxy_query_decoded(struct proxy_source *source, struct proxy_event *event, struct err *err);
int proxy_query_encoded(struct proxy_source *source, struct proxy_event *event, struct err *err);

/* The same for a bare event, whose keys are the parameters: strings, numbers, true (1) and false
 * (0). */
int proxy_query_bare(struct proxy_source *source, struct proxy_event *event, struct err *err);

#endif
