/*
 * metrics: the time that each request took, by route and status, in CloudWatch's embedded metric format:
 * CloudWatch Logs makes metrics of these lines of the log.
 */
#ifndef LAMBDA_METRICS_H
#define LAMBDA_METRICS_H

#include "util/buf.h"
#include "util/err.h"

#include <stdint.h>

/* A zeroed struct writes nothing. */
struct metrics {
    struct str name; /* The namespace of the metrics; empty for none. */
    int64_t began;   /* The time at which the request began, as of clock_now(). */
    int64_t took;    /* Nanoseconds that the request took. */
    struct buf line;
};

/* Let metrics be written, in the namespace `name`, which is borrowed; NULL and "" mean none. Returns 0, or
 * -1 with a reason where it is no namespace. */
int metrics_open(struct metrics *metrics, const char *name, struct err *err);

/* Begin and end to measure a request. */
void metrics_begin(struct metrics *metrics);
void metrics_end(struct metrics *metrics);

/* Write the metrics of the last request to standard output. `id` is its request id, and `route` the name
 * of its route, both without characters that need an escape in JSON. Ignores a failure. */
void metrics_write(struct metrics *metrics, const char *route, int status, const char *id);

/* Free the memory. */
void metrics_free(struct metrics *metrics);

#endif
