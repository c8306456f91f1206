/*
 * gateway: turns HTTP requests into events, and responses of a function into HTTP responses, as API
 * Gateway's HTTP API and an Application Load Balancer do. Sources: the developer guides of both,
 * "Working with AWS Lambda proxy integrations for HTTP APIs" and "Lambda functions as targets".
 */
#ifndef LAMBDA_HOST_GATEWAY_H
#define LAMBDA_HOST_GATEWAY_H

#include "lambda_host/environment.h"
#include "util/buf.h"

#include <event2/http.h>

enum payload {
    PAYLOAD_2,   /* Payload 2.0, of an HTTP API or a function URL. */
    PAYLOAD_1,   /* Payload 1.0, of an HTTP API. */
    PAYLOAD_ALB, /* The payload of an Application Load Balancer. */
};

/* Parse "2.0", "1.0" or "alb". Returns 0 or -1 with a reason. */
int gateway_parse_payload(const char *name, enum payload *payload, struct err *err);

/*
 * Make the event of a request, with the request id `id`. Returns JSON text, which the caller frees;
 * or NULL with a reason where memory runs out, or where the request's target is not valid UTF-8 or
 * has an invalid percent-encoding.
 */
char *gateway_make_event(enum payload payload, struct evhttp_request *request, const char *id,
                         struct err *err);

/* Answer a request with the response of the function, which is JSON. Answer with an error of the
 * gateway where the function failed, or where its response does not fit the payload. */
void gateway_answer(enum payload payload, struct evhttp_request *request, enum outcome outcome,
                    struct str response);

/* Answer a request with an error of the gateway; `status` is 400 to 599. */
void gateway_refuse(enum payload payload, struct evhttp_request *request, int status);

#endif
