/*
 * runtime: a client of Lambda's Runtime API (2018-06-01). It gets events and sends responses.
 *
 * No call has a time-out. While runtime_next() waits, Lambda freezes the process for minutes or
 * days, so a time-out would fire as soon as the process is thawed for an event. When an answer takes
 * too long, Lambda kills the process; deadline.h handles deadlines where Lambda does not.
 *
 * Functions return 0; 1 with a reason where this invocation failed but the next one may succeed; or
 * -1 with a reason where the process must exit.
 */
#ifndef LAMBDA_RUNTIME_H
#define LAMBDA_RUNTIME_H

#include "util/err.h"
#include "util/str.h"

/* The number of consecutive answers without a request id after which runtime_next() returns -1. */
#define RUNTIME_MAX_FAILURES 3

struct runtime;

/* Make a client of the API at `server`, the value of AWS_LAMBDA_RUNTIME_API (see address_parse()).
 * Returns NULL with a reason. */
struct runtime *runtime_open(const char *server, struct err *err);

/* Close and free; NULL is allowed. */
void runtime_close(struct runtime *runtime);

/* Declare that several processes of this environment take events. Then runtime_next() leaves the
 * environment variable of the trace alone, as Lambda specifies. */
void runtime_share(struct runtime *runtime);

/*
 * Wait for the next event. It is valid until the next call of any function here. Sets the
 * environment variable _X_AMZN_TRACE_ID to its X-Ray trace, unless runtime_share() was called. If
 * the event is incomplete, but its request id came, reports it to the API as failed and returns 1.
 */
int runtime_next(struct runtime *runtime, struct str *event, struct err *err);

/* The request id of the last event; empty while runtime_next() waits. The same memory holds every one. */
const char *runtime_id(const struct runtime *runtime);

/* The deadline of the last event, in milliseconds since 1970; 0 if unknown. */
long long runtime_deadline(const struct runtime *runtime);

/* Send the response to the last event. If the API refuses it as too large, reports the invocation
 * as failed and returns 1. */
int runtime_respond(struct runtime *runtime, struct str response, struct err *err);

/* Report that the last event failed, with an error type such as "Runtime.InvalidEvent" and a
 * message. */
int runtime_fail(struct runtime *runtime, const char *type, const char *message, struct err *err);

/* Report that the process could not start. The caller then exits. */
int runtime_fail_init(struct runtime *runtime, const char *type, const char *message,
                      struct err *err);

#endif
