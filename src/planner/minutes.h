/*
 * minutes: the work of each minute, in seconds of one core at full speed.
 */
#ifndef PLANNER_MINUTES_H
#define PLANNER_MINUTES_H

#include "simulator/counts.h"

struct minutes {
    const uint32_t *requests; /* The requests of each minute, owned by the caller. */
    size_t n;                 /* The number of minutes. */
    double service_s;         /* The mean work of a request. */
};

/* Return the requests of each minute of `counts`, as an array of (seconds + 59) / 60, which the caller frees. Returns NULL with a reason
 * without memory. */
uint32_t *minutes_of(const struct counts *counts, struct err *err);

/* Return the work of a minute in seconds. */
static inline double minutes_work(const struct minutes *minutes, size_t minute)
{
    return minutes->requests[minute] * minutes->service_s;
}

#endif
