/*
 * function: a Lambda function. It starts an environment when a request finds none idle (a cold
 * start), reuses environments, and ends those that have been idle for too long.
 */
#ifndef LAMBDA_HOST_FUNCTION_H
#define LAMBDA_HOST_FUNCTION_H

#include "lambda_host/environment.h"

/* The most environments at once. */
#define FUNCTION_MAX_CONCURRENCY 1000

struct function_options {
    struct process_setup setup;
    struct environment_limits limits;
    /* The most invocations at once, 1 to FUNCTION_MAX_CONCURRENCY; more are throttled. */
    unsigned concurrency;
};

struct function;

/* Make a function without environments. `options` must outlive it. It reaps all children of this
 * process (SIGCHLD). Returns NULL with a reason. */
struct function *function_new(struct event_base *base, const struct function_options *options,
                              struct err *err);

/* Invoke the idle environment that was used last, or a new one. The invocation's done() may be
 * called before this returns. */
void function_invoke(struct function *function, struct invocation *invocation);

/* Kill all environments, fail their invocations, and free; NULL is allowed. */
void function_free(struct function *function);

#endif
