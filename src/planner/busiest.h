/*
 * busiest: the least number of machines that answers nearly all requests of the busiest minutes in time.
 */
#ifndef PLANNER_BUSIEST_H
#define PLANNER_BUSIEST_H

#include "simulator/fleet.h"

/* The share of the requests that must be answered in time. */
#define BUSIEST_SHARE 0.99

/* The length of the busiest minutes, in seconds. */
#define BUSIEST_SECONDS 300

/* The kind of machines, and what they must hold. */
struct busiest_config {
    const struct durations
        *service; /* The duration of a request on one core; owned by the caller. */
    unsigned cores;
    uint64_t waiting; /* The most requests in a machine's queue. */
    sim_time in_time; /* The latency that is in time. */
};

/* A number of machines. */
struct busiest_size {
    double machines; /* 0: no number suffices. */
    uint64_t
        parts; /* Into how many parts a fleet is cut, of which one is simulated: 1 unless it has thousands of machines. */
};

/*
 * Find the least number of machines with which BUSIEST_SHARE of the requests are answered in time, both in the BUSIEST_SECONDS with the
 * most requests and in those around the busiest second. Of many requests only those of seconds around the busiest one are simulated; of thousands of
 * machines, a part with its share of the requests. Returns 0 or -1 with a reason.
 */
int busiest_machines(const struct busiest_config *config, const struct counts *month, uint64_t seed,
                     struct busiest_size *size, struct err *err);

/* Return the seconds of work in a minute of the busiest minutes, of all machines. */
double busiest_work(const struct busiest_config *config, const struct counts *month);

#endif
