/*
 * bucket: a token bucket, for the limits of Lambda: it is refilled continuously, and what is not used beyond its size is lost.
 */
#ifndef SIMULATOR_BUCKET_H
#define SIMULATOR_BUCKET_H

#include "simulator/sim_time.h"

#include <stdbool.h>

struct bucket {
    double per_second; /* The tokens that come each second; 0: there is no limit. */
    double size;       /* The most tokens, at least 1. */
    double tokens;     /* The tokens at the time `filled`. */
    sim_time filled;
};

/* Return a full bucket at the time 0. */
static inline struct bucket bucket_full(double per_second, double size)
{
    return (struct bucket){.per_second = per_second, .size = size, .tokens = size};
}

/* Take a token at a time that is not before the last one. Returns whether there was one. */
static inline bool bucket_take(struct bucket *bucket, sim_time now)
{
    if (bucket->per_second <= 0)
        return true;
    bucket->tokens += sim_seconds(now - bucket->filled) * bucket->per_second;
    bucket->filled = now;
    if (bucket->tokens > bucket->size)
        bucket->tokens = bucket->size;
    if (bucket->tokens < 1)
        return false;
    bucket->tokens--;
    return true;
}

#endif
