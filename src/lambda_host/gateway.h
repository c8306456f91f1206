/*
 * gateway: what stands between HTTP and a function: requests become events, responses become HTTP,
 * as API Gateway's HTTP API and an Application Load Balancer do it. Sources: the developer guides
 * of both, "Working with AWS Lambda proxy integrations for HTTP APIs" and "Lambda functions as
 * targets".
 */
#ifndef LAMBDA_HOST_GATEWAY_H
#define LAMBDA_HOST_GATEWAY_H

#include "lambda_host/environment.h"
#include "util/buf.h"

#include <event2/http.h>

/* Bytes that a load balancer takes for an event, and for a response, as JSON. */
#define GATEWAY_ALB_MAX (1024 * 1024)

enum payload {
    PAYLOAD_2, /* HTTP API, and function URL: payload 2.0 */
    PAYLOAD_1, /* HTTP API: payload 1.0 */
    PAYLOAD_ALB,
};

/* Read "2.0", "1.0" or "alb". Returns 0 or -1 with a reason. */
int gateway_parse_payload(const char *name, enum payload *payload, struct err *err);

/*
 * Make the event of a request: JSON text, which is the caller's to free, NULL with a reason where
 * memory runs out or the target of the request cannot stand in an event (no UTF-8, or a wrong
 * percent-encoding). `id` is the request id in it.
 */
char *gateway_make_event(enum payload payload, struct evhttp_request *request, const char *id,
                         struct err *err);

/* Answer a request with the response of a function, which is JSON; or with the gateway's own error
 * where there is none, or it is not of the form that the payload has. */
void gateway_answer(enum payload payload, struct evhttp_request *request, enum outcome outcome,
                    struct str response);

/* Answer a request with an error of the gateway's own: `status` 400 to 599. */
void gateway_refuse(enum payload payload, struct evhttp_request *request, int status);

#endif
