/*
 * counts: the number of requests in each second, from which both sides are simulated. counts_shape and counts_log make them. Where it
 * is known when each request comes, counts_from_times() does.
 */
#ifndef SIMULATOR_COUNTS_H
#define SIMULATOR_COUNTS_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest time that can be simulated: ten years, in seconds. */
#define COUNTS_MOST_SECONDS 315360000

struct counts {
    uint32_t *by_second; /* The number of requests in each second; owned by this struct. */
    size_t seconds;      /* The number of seconds. */
    uint64_t total;      /* The number of all requests. */
    uint64_t *
        times; /* When each request comes, in ns; owned by this struct. NULL: at random within its second. */
};

/* Make `seconds` seconds without requests. Returns 0, or -1 where they, or the `volume` in requests a month that they are
 * for, are out of range, or without memory. */
int counts_start(struct counts *counts, double volume, size_t seconds, struct err *err);

/* Add `n` requests to a second. Sets `*overflow` where it has more than 2^32 - 1 then. */
void counts_add(struct counts *counts, size_t second, uint64_t n, bool *overflow);

/* End the making of counts. Returns 0; after an overflow, frees them and returns -1. */
int counts_finish(struct counts *counts, bool overflow, struct err *err);

/*
 * Make `seconds` seconds with requests at exactly these `n` times, in ascending order, in ns; those of later seconds are left out. Returns
 * 0, or -1 as counts_start() does.
 */
int counts_from_times(struct counts *counts, const uint64_t *times, size_t n, size_t seconds,
                      struct err *err);

/* Return the second with the most requests, the first of several. */
size_t counts_busiest(const struct counts *counts);

/*
 * Return the index of dispersion: the variance of the number of requests in windows of `window` seconds, divided by its mean. It
 * is 1 for a Poisson process, and higher the more the requests come in bursts. 0 for less than two windows or no request.
 */
double counts_dispersion(const struct counts *counts, size_t window);

void counts_free(struct counts *counts);

#endif
