/*
 * latencies: a histogram of durations in log-linear buckets, as HdrHistogram has them: each power of two is cut into 128 equal buckets. A
 * percentile is the middle of a bucket, and so at most 1/256 (0.4 %) away from the exact one; below 128 ns it is exact.
 */
#ifndef SIMULATOR_LATENCIES_H
#define SIMULATOR_LATENCIES_H

#include "simulator/sim_time.h"

#define LATENCIES_BITS    7
#define LATENCIES_STEPS   (1u << LATENCIES_BITS)
#define LATENCIES_BUCKETS ((64 - LATENCIES_BITS + 1) * LATENCIES_STEPS)

struct latencies {
    uint64_t buckets[LATENCIES_BUCKETS];
    uint64_t n; /* The number of values. */
    double sum; /* The sum of the values in ns. */
};

/* The bucket of a value. */
static inline unsigned latencies_bucket(sim_time value)
{
    if (value < LATENCIES_STEPS)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - LATENCIES_BITS;
    return shift * LATENCIES_STEPS + (unsigned)(value >> shift);
}

static inline void latencies_add(struct latencies *latencies, sim_time value)
{
    latencies->buckets[latencies_bucket(value)]++;
    latencies->n++;
    latencies->sum += (double)value;
}

/* Take back a value that was added. */
static inline void latencies_remove(struct latencies *latencies, sim_time value)
{
    latencies->buckets[latencies_bucket(value)]--;
    latencies->n--;
    latencies->sum -= (double)value;
}

/* Add the values of `other`, each of them `times` times. */
void latencies_merge(struct latencies *latencies, const struct latencies *other, uint64_t times);

/*
 * Return the value that `share` (0 to 1) of all values do not exceed, in ns. `failures` is a number of further requests that had no
 * answer: they count as longer than all values. Returns SIM_NEVER where the percentile is one of them, and 0 without
 * any value and failure.
 */
sim_time latencies_percentile(const struct latencies *latencies, double share, uint64_t failures);

/* Return the mean in ns; 0 without values. */
double latencies_mean(const struct latencies *latencies);

#endif
