/*
 * counts_log: makes counts of a log, scaled to a monthly volume.
 *
 * A log that is scaled down is thinned: each request stays with the same probability. A log that is scaled up is laid over
 * itself: the first copy is the log, and each further one is shifted at random by up to half an hour. So the hours of the day stay where
 * they are, a burst of 20 requests stays one, and there are more of them.
 */
#ifndef SIMULATOR_COUNTS_LOG_H
#define SIMULATOR_COUNTS_LOG_H

#include "simulator/counts.h"

/* The most by which a copy of a log is shifted, in seconds. */
#define COUNTS_MOST_SHIFT 1800

/* The requests of a log: the seconds that have any, in ascending order. */
struct counts_log {
    const uint32_t *second; /* Seconds since the log began; owned by the caller. */
    const uint32_t *count;  /* The number of requests in each, at least 1; owned by the caller. */
    size_t n;               /* The number of entries. */
    size_t seconds;         /* The length of the log in seconds, more than the last second. */
};

/*
 * Make `seconds` seconds of a log, with about `volume` requests a month; 0: as many as the log has. A log that is too short is
 * repeated, by whole weeks, or by whole days where it has no week, so that hours of the day stay. Returns 0, or -1 as
 * above, or where the log is empty or not in order.
 */
int counts_from_log(struct counts *counts, const struct counts_log *log, double volume,
                    size_t seconds, uint64_t seed, struct err *err);

#endif
