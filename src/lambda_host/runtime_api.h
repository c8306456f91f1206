/*
 * runtime_api: the server's side of Lambda's Runtime API (2018-06-01), for one process. It knows
 * the protocol; what an event is for, and when one comes, is its owner's.
 */
#ifndef LAMBDA_HOST_RUNTIME_API_H
#define LAMBDA_HOST_RUNTIME_API_H

#include "util/err.h"
#include "util/str.h"

#include <event2/event.h>
#include <stdbool.h>

/*
 * What the process asks for. Each returns the status of the answer: 202, or 400 and above for a
 * refusal, with the type of the error in `*refusal`, static; next() also 0 where the process is to
 * wait for runtime_api_give(). Bodies are borrowed for the call.
 */
struct runtime_api_calls {
    int (*next)(void *arg, const char **refusal);
    int (*response)(void *arg, struct str id, struct str body, const char **refusal);
    int (*error)(void *arg, struct str id, const char *type, struct str body, const char **refusal);
    int (*init_error)(void *arg, const char *type, struct str body, const char **refusal);
};

struct runtime_api;

/* A server on a free port of 127.0.0.1. `calls` must outlive it. Returns NULL with a reason. */
struct runtime_api *runtime_api_open(struct event_base *base, const struct runtime_api_calls *calls,
                                     void *arg, struct err *err);

/* "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API. */
const char *runtime_api_address(const struct runtime_api *api);

/* Whether a process waits for an event. */
bool runtime_api_is_waiting(const struct runtime_api *api);

/* Give a waiting process an event, with its request id, and the time when it is to be done, in
 * milliseconds since 1970. */
void runtime_api_give(struct runtime_api *api, const char *id, long long deadline_ms,
                      struct str event);

/* Close all connections and free; NULL is allowed. Not to be called from one of the calls. */
void runtime_api_close(struct runtime_api *api);

#endif
