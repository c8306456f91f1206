/*
 * function: a Lambda function: as many environments as requests come at once, each with one
 * bootstrap process. They are started when they are needed (a cold start), used again, and ended
 * when nobody has needed them for a while.
 */
#ifndef LAMBDA_HOST_FUNCTION_H
#define LAMBDA_HOST_FUNCTION_H

#include "lambda_host/environment.h"

/* Environments that there may be at once. */
#define FUNCTION_MAX_CONCURRENCY 1000

struct function_options {
    struct process_setup setup;
    struct environment_limits limits;
    unsigned
        concurrency; /* 1 to FUNCTION_MAX_CONCURRENCY: invocations at once; more are throttled */
};

struct function;

/* A function without an environment yet. The options must outlive it. It reaps the children of this
 * process (SIGCHLD). Returns NULL with a reason. */
struct function *function_new(struct event_base *base, const struct function_options *options,
                              struct err *err);

/* Give an event to the environment that was used last of those that are idle, or to a new one. Its
 * done() may be called at once. */
void function_invoke(struct function *function, struct invocation *invocation);

/* End all environments, and what is under way in them, and free; NULL is allowed. */
void function_free(struct function *function);

#endif
