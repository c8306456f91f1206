/*
 * clock: the monotonic clock of the system, which all processes of a machine share and nobody can set;
 * and the time of day.
 */
#ifndef UTIL_CLOCK_H
#define UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds in a second and in a millisecond. */
#define CLOCK_S  INT64_C(1000000000)
#define CLOCK_MS INT64_C(1000000)

/* Return the present time. It never goes back. */
static inline int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * CLOCK_S + now.tv_nsec;
}

/* Return the same in milliseconds, with their fraction. */
static inline double clock_now_ms(void)
{
    return (double)clock_now() / (double)CLOCK_MS;
}

/* Return the present time in milliseconds since 1970, which somebody may set. */
static inline long long clock_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
