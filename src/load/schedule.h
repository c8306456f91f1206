/*
 * schedule: when which request is due: at a constant rate, or as a file says.
 */
#ifndef LOAD_SCHEDULE_H
#define LOAD_SCHEDULE_H

#include "util/err.h"

#include <stddef.h>

/* A request of a file. */
struct scheduled {
    double due_us;   /* The time at which it is due, from the start, in microseconds. */
    unsigned target; /* The number of its target. */
};

struct schedule {
    double rate;    /* Requests per second; 0: there is no schedule, or it is from a file. */
    double seconds; /* How long requests become due. */
    struct scheduled *requests; /* The requests of a file; owned by this struct. NULL: at a rate. */
    size_t n;                   /* The number of these. */
};

/*
 * Read a file with a line "DUE TARGET" for each request: when it is due, in whole microseconds from the start, not before the one
 * of the line above; and the number of its target, less than `targets`. Returns 0, or -1 with a reason; schedule_free() frees in
 * both cases.
 */
int schedule_read(struct schedule *schedule, const char *path, unsigned targets, struct err *err);

/* Return when request number `i` is due, in microseconds from the start; INFINITY where there is none. */
double schedule_due(const struct schedule *schedule, size_t i);

/* Return the number of the target of request number `i`. */
unsigned schedule_target(const struct schedule *schedule, size_t i);

void schedule_free(struct schedule *schedule);

#endif
