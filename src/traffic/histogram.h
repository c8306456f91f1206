/*
 * histogram: counts of numbers, in buckets of at most an eighth of their values. Each number below 16 has
 * a bucket of its own; beyond that, a power of two has eight.
 */
#ifndef TRAFFIC_HISTOGRAM_H
#define TRAFFIC_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 488

struct histogram {
    uint64_t n[HISTOGRAM_BUCKETS]; /* The count of each bucket. */
};

/* The bucket of a number from 0 on. */
static inline int histogram_bucket(int64_t value)
{
    uint64_t bits = (uint64_t)value;
    if (bits < 16)
        return (int)bits;
    int exponent = 63 - __builtin_clzll(bits);
    return 16 + (exponent - 4) * 8 + (int)(bits >> (exponent - 3) & 7);
}

/* The least number of a bucket. */
static inline int64_t histogram_low(int bucket)
{
    if (bucket < 16)
        return bucket;
    int exponent = (bucket - 16) / 8 + 4;
    return (int64_t)(UINT64_C(1) << exponent) + ((int64_t)((bucket - 16) % 8) << (exponent - 3));
}

/* The greatest number of a bucket. */
static inline int64_t histogram_high(int bucket)
{
    return bucket + 1 < HISTOGRAM_BUCKETS ? histogram_low(bucket + 1) - 1 : INT64_MAX;
}

#endif
