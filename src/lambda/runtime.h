/*
 * runtime: Lambda's Runtime API (2018-06-01): takes events, and gives answers back.
 *
 * Nothing here has a time-out. While runtime_next() waits, Lambda freezes the whole process, for
 * minutes or for days: a time-out would fire at the first moment of the thaw, when an event has
 * just come. And an answer that Lambda does not want to wait for ends with the process, which
 * Lambda kills. What an event's deadline means is its taker's affair (deadline.h).
 *
 * Functions return 0; or 1 where this invocation came to nothing, with a reason, and the next one
 * may be asked for; or -1 where the process cannot go on, with a reason.
 */
#ifndef LAMBDA_RUNTIME_H
#define LAMBDA_RUNTIME_H

#include "util/err.h"
#include "util/str.h"

/* Bytes of the largest response that Lambda takes. */
#define RUNTIME_MAX_RESPONSE (6 * 1024 * 1024 + 100)

/* So many answers in a row that bring no event, nor the request id of one, and runtime_next() gives
 * up. */
#define RUNTIME_MAX_FAILURES 3

struct runtime;

/* A client of the API at `server`, which is what AWS_LAMBDA_RUNTIME_API holds (see
 * address_parse()). Returns NULL with a reason. */
struct runtime *runtime_open(const char *server, struct err *err);

/* Close and free; NULL is allowed. */
void runtime_close(struct runtime *runtime);

/* Say that this process is one of several that take events: Lambda then has no trace in the
 * environment. */
void runtime_share(struct runtime *runtime);

/*
 * Wait for the next event, which is valid until the next call of any function here, and put its
 * X-Ray trace into the environment (_X_AMZN_TRACE_ID) unless runtime_share() was called. An event
 * that did not come whole is reported to the API as the failure that it is, where its request id
 * did come.
 */
int runtime_next(struct runtime *runtime, struct str *event, struct err *err);

/* When the event that came last is to be answered, in milliseconds since 1970; 0 where that is not
 * known. */
long long runtime_deadline(const struct runtime *runtime);

/* Answer the event that came last with `response`. One that the API finds too large is reported as
 * the invocation's failure, and is a 1 here. */
int runtime_respond(struct runtime *runtime, struct str response, struct err *err);

/* Report that the event that came last failed: `type` as in "Runtime.InvalidEvent", and a message.
 */
int runtime_fail(struct runtime *runtime, const char *type, const char *message, struct err *err);

/* Report that the process could not start. To be followed by an exit. */
int runtime_fail_init(struct runtime *runtime, const char *type, const char *message,
                      struct err *err);

#endif
