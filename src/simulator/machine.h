/*
 * machine: a VM with some cores, one queue in front of them, and perhaps CPU credits. Requests are served in the order in which they
 * come, each by one core. A request that finds too many in the queue is refused.
 */
#ifndef SIMULATOR_MACHINE_H
#define SIMULATOR_MACHINE_H

#include "simulator/credits.h"
#include "simulator/latencies.h"
#include "simulator/ring.h"
#include "simulator/sim_time.h"

#include <stdbool.h>

/* The minutes over which a request can last. Work further ahead counts in the last of them. */
#define MACHINE_MINUTES 128

struct machine_config {
    unsigned cores;   /* The number of requests served at once, at least 1. */
    uint64_t waiting; /* The most requests in the queue; SIM_NEVER: there is no limit. */
    struct credits_config credits;
};

/* What a machine reports to. */
struct machine_report {
    struct latencies latency; /* What clients of answered requests saw. */
    uint64_t lost;            /* The number of requests that were in a machine when it was lost. */
    double busy_s;            /* The seconds of work that were done. */
};

struct machine {
    const struct machine_config *config; /* Owned by the caller. */
    struct machine_report *report;       /* Owned by the caller. */
    sim_time round_trip;                 /* What the network adds to each request. */
    struct heap cores; /* By the time when it is free, each core's last latency. */
    struct ring queue; /* The requests that wait: by their time, the work of each in ns. */
    struct credits credits;
    double speed; /* The current speed, as a share of the full one. */
    sim_time end; /* The end of the simulated time, after which work is not recorded. */

    /* The seconds of work in the current minute and the next ones, by the minute modulo MACHINE_MINUTES. */
    double work[MACHINE_MINUTES];
};

/* Start a machine at a time with free cores, no queue, and the credits of a new one. The caller has filled in what the machine
 * refers to, and the end. Returns 0, or -1 without memory. */
int machine_start(struct machine *machine, sim_time now, struct err *err);

/* Serve what waits as far as cores are free by `now`. */
void machine_advance(struct machine *machine, sim_time now);

/* Take a request that comes at `now` and is `work` long at full speed. Sets `*taken`: false where the queue is full. Returns 0, or -1
 * without memory. */
int machine_take(struct machine *machine, sim_time now, sim_time work, bool *taken,
                 struct err *err);

/* End a minute, after machine_advance() to its end: account for its credits, and set the speed of the next one. Returns the seconds
 * of work in the minute. */
double machine_end_minute(struct machine *machine, size_t minute);

/* Lose all requests that are being served or wait at `now`. */
void machine_lose(struct machine *machine, sim_time now);

void machine_free(struct machine *machine);

#endif
