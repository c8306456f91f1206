/*
 * durations: how long requests, cold starts and other steps take: always the same, exponentially distributed, or as measured.
 */
#ifndef SIMULATOR_DURATIONS_H
#define SIMULATOR_DURATIONS_H

#include "simulator/rng.h"
#include "simulator/sim_time.h"
#include "util/err.h"

#include <stddef.h>

enum durations_kind { DURATIONS_CONSTANT, DURATIONS_EXPONENTIAL, DURATIONS_MEASURED };

/* A distribution of durations. A zeroed struct is the constant 0. */
struct durations {
    enum durations_kind kind;
    double mean;      /* The mean in ns. */
    sim_time *values; /* Of measured ones, the values; owned by this struct. */
    uint64_t *ends;   /* The sum of the weights up to each value; owned by this struct. */
    size_t n;         /* The number of values. */
};

/*
 * Take measured durations: `n` values, at least 1, in any order, with how often each was seen; NULL: each once. Copies both. A draw
 * takes O(log n). Returns 0, or -1 where there is no value, no weight or no memory.
 */
int durations_measure(struct durations *durations, const sim_time *values, const uint64_t *weights,
                      size_t n, struct err *err);

void durations_free(struct durations *durations);

/* Do what durations_draw() does for measured ones. */
sim_time durations_draw_measured(const struct durations *durations, struct rng *rng);

/* Draw a duration. */
static inline sim_time durations_draw(const struct durations *durations, struct rng *rng)
{
    if (durations->kind == DURATIONS_CONSTANT)
        return (sim_time)durations->mean;
    if (durations->kind == DURATIONS_EXPONENTIAL)
        return (sim_time)(durations->mean * rng_exponential(rng));
    return durations_draw_measured(durations, rng);
}

#endif
