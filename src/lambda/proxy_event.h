/*
 * proxy_event: reads the JSON of an event, in any shape that Lambda's HTTP front ends send, into a
 * `struct proxy_event`. It also recognises events that only keep the function warm.
 */
#ifndef LAMBDA_PROXY_EVENT_H
#define LAMBDA_PROXY_EVENT_H

#include "api/event.h"
#include "api/route.h"
#include "lambda/proxy_source.h"
#include "util/err.h"

/*
 * Read the JSON text of an event into `event`, which borrows from `source`, not from `text`, until
 * the next read. `pinned` is the only route of a function that serves one route, and then takes
 * every bare event; else NULL. A null anywhere counts as a missing key.
 *
 * Where the shape becomes PROXY_PING, there is no request, and `event` is empty.
 *
 * Returns 0, also for a bad request (see event->fault). Returns -1 with a reason where the
 * event is not a request; `*type` is then the error type to report, static.
 */
int proxy_event_read(struct proxy_source *source, struct str text, const struct route *pinned,
                     struct proxy_event *event, const char **type, struct err *err);

#endif
