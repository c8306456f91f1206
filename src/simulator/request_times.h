/*
 * request_times: when the requests of counts come. Where the counts do not have the times, each request comes at a random time within its
 * second; the numbers of a second depend on the seed and the second alone.
 */
#ifndef SIMULATOR_REQUEST_TIMES_H
#define SIMULATOR_REQUEST_TIMES_H

#include "simulator/counts.h"
#include "simulator/rng.h"
#include "simulator/sim_time.h"

struct request_times {
    const struct counts *counts; /* The counts, owned by the caller. */
    uint64_t seed;
    size_t
        next; /* The second after the current one; where the counts have times, the next of these. */
    uint32_t left; /* The number of requests of the current second that are still to come. */
    double
        log_of_rest; /* The logarithm of the share of the current second that is still to come. */
    struct rng rng;  /* The numbers of the current second. */
};

/* Start at the first second. `counts` must outlive the times. */
void request_times_start(struct request_times *times, const struct counts *counts, uint64_t seed);

/* Set `*time` to the time of the next request, which is not before the last one. Returns false after the last. */
bool request_times_next(struct request_times *times, sim_time *time);

#endif
