/*
 * lambda_host: a local stand-in for a front end (API Gateway or a load balancer) and Lambda. It
 * serves HTTP, and turns each request into an event for a bootstrap process.
 */
#ifndef LAMBDA_HOST_LAMBDA_HOST_H
#define LAMBDA_HOST_LAMBDA_HOST_H

#include "lambda_host/function.h"
#include "lambda_host/gateway.h"

struct lambda_host_options {
    struct function_options function;
    enum payload payload;
    const char *address; /* The IPv4 address to listen on. */
    unsigned port;       /* The port to listen on; 0 for a free one, which is logged to stderr. */
};

/* Serve until SIGTERM or SIGINT. Returns 0, or -1 with a reason where the host cannot start. */
int lambda_host_run(const struct lambda_host_options *options, struct err *err);

#endif
