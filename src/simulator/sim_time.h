/*
 * sim_time: time in a simulation, in whole nanoseconds, so that the order of events never depends on rounding.
 */
#ifndef SIMULATOR_SIM_TIME_H
#define SIMULATOR_SIM_TIME_H

#include <stdint.h>

/* Nanoseconds since the simulation began, or a duration in nanoseconds. 64 bits hold 584 years. */
typedef uint64_t sim_time;

#define SIM_MILLISECOND ((sim_time)1000000)
#define SIM_SECOND      ((sim_time)1000000000)
#define SIM_MINUTE      (60 * SIM_SECOND)
#define SIM_NEVER       UINT64_MAX

/* Seconds in a month: 730 hours, as in the bill. */
#define SIM_MONTH_SECONDS 2628000

/* Return a time in seconds. */
static inline double sim_seconds(sim_time time)
{
    return (double)time / (double)SIM_SECOND;
}

#endif
