/*
 * runtime_api: a server of Lambda's Runtime API (2018-06-01) for one process. It implements the
 * protocol; its owner decides when to deliver which event.
 */
#ifndef LAMBDA_HOST_RUNTIME_API_H
#define LAMBDA_HOST_RUNTIME_API_H

#include "util/err.h"
#include "util/str.h"

#include <event2/event.h>
#include <stdbool.h>

/*
 * Callbacks for the calls of the process. Each returns the status of the answer: 202, or at least
 * 400 for a refusal, and then sets `*refusal` to the error type, static. next() returns 0 where
 * runtime_api_deliver() answers. Bodies are borrowed for the duration of the callback.
 */
struct runtime_api_calls {
    int (*next)(void *arg, const char **refusal);
    int (*response)(void *arg, struct str id, struct str body, const char **refusal);
    int (*error)(void *arg, struct str id, const char *type, struct str body, const char **refusal);
    int (*init_error)(void *arg, const char *type, struct str body, const char **refusal);
};

struct runtime_api;

/* Start a server on a free port of 127.0.0.1. `calls` must outlive it; `arg` is passed to each.
 * Returns NULL with a reason. */
struct runtime_api *runtime_api_open(struct event_base *base, const struct runtime_api_calls *calls,
                                     void *arg, struct err *err);

/* The server's address, "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API. */
const char *runtime_api_address(const struct runtime_api *api);

/* Deliver an event to the process, which must have called next(). `deadline_ms` is in milliseconds
 * since 1970. */
void runtime_api_deliver(struct runtime_api *api, const char *id, long long deadline_ms,
                         struct str event);

/* Close all connections and free; NULL is allowed. Must not be called from a callback. */
void runtime_api_close(struct runtime_api *api);

#endif
