/*
 * host: a local stand-in for API Gateway, or a load balancer, and Lambda behind it: HTTP in, events
 * to bootstrap processes over the Runtime API.
 */
#ifndef LAMBDA_HOST_HOST_H
#define LAMBDA_HOST_HOST_H

#include "lambda_host/function.h"
#include "lambda_host/gateway.h"

struct host_options {
    struct function_options function;
    enum payload payload;
    const char *address; /* where HTTP comes in, */
    unsigned port;       /* 0: a free one, which is told on stderr */
};

/* Serve until SIGTERM or SIGINT. Returns 0, or -1 with a reason where it cannot start. */
int host_run(const struct host_options *options, struct err *err);

#endif
