#include "simulator/counts_shape.h"

#include "simulator/rng.h"
#include "simulator/sim_time.h"

#define MINUTES_A_MONTH (SIM_MONTH_SECONDS / 60)
#define HOURS_A_MONTH   (SIM_MONTH_SECONDS / 3600)

/*
 * Add the requests of some seconds with a constant rate. Where few come, they are those of a Poisson process that goes on from one call
 * to the next: `*gap` is the time until its next request, in units of the mean time between two.
 */
static void add_at_rate(struct counts *counts, size_t begin, size_t seconds, double rate,
                        struct rng *rng, double *gap, bool *overflow)
{
    if (rate >= 10) {
        for (size_t second = begin; second < begin + seconds; second++)
            counts_add(counts, second, rng_poisson(rng, rate), overflow);
        return;
    }
    double at = 0, end = rate * (double)seconds;
    for (; at + *gap < end; *gap = rng_exponential(rng)) {
        at += *gap;
        size_t second = (size_t)(at / rate);
        counts_add(counts, begin + (second < seconds ? second : seconds - 1), 1, overflow);
    }
    *gap -= end - at;
}

static void add_random_requests(struct counts *counts, const struct shape *shape, double volume,
                                struct rng *rng, bool *overflow)
{
    double per_second = volume / shape_sum(shape, 0, MINUTES_A_MONTH) / 60,
           gap = rng_exponential(rng);
    for (size_t begin = 0; begin < counts->seconds; begin += 60) {
        size_t rest = counts->seconds - begin;
        double rate = per_second * shape->rate((unsigned)(begin % SIM_MONTH_SECONDS / 60));
        add_at_rate(counts, begin, rest < 60 ? rest : 60, rate, rng, &gap, overflow);
    }
}

/* Add `n` requests at random seconds of a minute. Most of many are added by the second, as Poisson distributed numbers; whatever their sum is,
 * it and the rest are spread as evenly. */
static void add_in_minute(struct counts *counts, size_t begin, uint64_t n, struct rng *rng,
                          bool *overflow)
{
    double most = (double)n - 5 * sqrt((double)n), mean = most / 60;
    for (size_t second = begin; mean >= 10 && second < begin + 60; second++) {
        uint64_t some = rng_poisson(rng, mean);
        some = some < n ? some : n;
        counts_add(counts, second, some, overflow);
        n -= some;
    }
    for (; n > 0; n--)
        counts_add(counts, begin + rng_below(rng, 60), 1, overflow);
}

/* Add the same share of the volume for each hour, in its first minute. */
static void add_timed_requests(struct counts *counts, double volume, struct rng *rng,
                               bool *overflow)
{
    uint64_t done = 0;
    for (size_t hour = 0; hour * 3600 + 60 <= counts->seconds; hour++) {
        uint64_t due = (uint64_t)(volume * (double)(hour + 1) / HOURS_A_MONTH);
        add_in_minute(counts, hour * 3600, due - done, rng, overflow);
        done = due;
    }
}

int counts_from_shape(struct counts *counts, const struct shape *shape, double volume,
                      size_t seconds, uint64_t seed, struct err *err)
{
    struct rng rng;
    bool overflow = false;
    if (counts_start(counts, volume, seconds, err) != 0)
        return -1;
    rng_start(&rng, seed, RNG_COUNTS, 0);
    if (shape->is_timed)
        add_timed_requests(counts, volume, &rng, &overflow);
    else
        add_random_requests(counts, shape, volume, &rng, &overflow);
    return counts_finish(counts, overflow, err);
}
