/*
 * targets: all scenarios at all volumes, grouped so that what is the same is simulated once.
 */
#ifndef PLANNER_TARGETS_H
#define PLANNER_TARGETS_H

#include "planner/inputs.h"
#include "planner/target.h"

/* The volumes: so many a decade, from the least to the most requests a month, besides the scenario's own one. */
#define TARGETS_LEAST    1e3
#define TARGETS_DECADES  7
#define TARGETS_A_DECADE 3

/* The requests a month that are simulated, without those that a cache answers; a scenario may want fewer or more. */
#define TARGETS_FEWEST 1.0
#define TARGETS_MOST   1e11

struct targets {
    struct target
        *targets; /* In the order of their traffic and volume, the largest volume first. */
    size_t n;
};

/* Make the targets of all scenarios. The caller calls targets_free(), also after a failure. Returns 0 or -1 with a reason. */
int targets_make(struct targets *targets, const struct inputs *inputs, struct err *err);

/* Simulate all of them on up to `threads` threads. Returns 0, or -1 with the reason of the first one that failed. */
int targets_simulate(struct targets *targets, const struct inputs *inputs, uint64_t seed,
                     unsigned threads, struct err *err);

void targets_free(struct targets *targets);

#endif
