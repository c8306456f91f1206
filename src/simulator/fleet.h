/*
 * fleet: the VM side: machines behind a balancer that gives each the next request in turn. Their number is fixed, or follows the load
 * as AWS's target tracking does; one of them may be lost in the busiest second.
 *
 * Lambda Managed Instances are a fleet, too: each instance serves as many requests at once as it has cores, lets others wait up to
 * its limit, and refuses the rest.
 */
#ifndef SIMULATOR_FLEET_H
#define SIMULATOR_FLEET_H

#include "simulator/counts.h"
#include "simulator/durations.h"
#include "simulator/machine.h"

/* The most machines of a fleet. */
#define FLEET_MOST_MACHINES 10000

/* Target tracking adds machines after so many minutes above the target, and removes some after so many minutes in which the load is
 * below this share of the target. */
#define FLEET_MINUTES_ABOVE 3
#define FLEET_MINUTES_BELOW 15
#define FLEET_BELOW         0.9

struct fleet_config {
    struct machine_config machine;
    const struct durations
        *service; /* The duration of a request on one core at full speed; owned by the caller. */
    sim_time round_trip; /* What the network and nginx add to each request. */
    unsigned machines;   /* The machines at the start, and the fewest. */
    unsigned most;       /* The most machines; as many as `machines`: their number is fixed. */
    double target;       /* The utilisation that target tracking keeps, 0 to 1. */
    sim_time boot;       /* The time from the decision to add a machine until it serves. */
    sim_time
        loss; /* How long a machine is lost, from the begin of the busiest second; 0: none is. */
};

/* What came of it. Those of several runs can be merged. */
struct fleet_result {
    double seconds;    /* The simulated time. */
    uint64_t requests; /* All requests. */
    uint64_t shed;     /* Those refused with 503, because of a full queue or without any machine. */
    struct machine_report report;
    double machine_s;      /* The seconds that machines ran, their boot included. */
    unsigned most;         /* The most machines at once. */
    double least_balance;  /* The fewest credits of a machine; 0 where it is not burstable. */
    double throttled_s;    /* The seconds that machines ran at the baseline, for lack of credits. */
    double surplus_billed; /* The surplus credits that cost money. */
    double *
        balance; /* The credits of the first machine after each minute, less what it owes; NULL where it is not burstable. */
    size_t minutes; /* The number of these. */
};

/*
 * Simulate a fleet with the requests of `counts`. `result` must be zeroed, and fleet_result_free() frees it. Returns 0, or -1
 * for numbers out of range or without memory.
 */
int fleet_run(const struct fleet_config *config, const struct counts *counts, uint64_t seed,
              struct fleet_result *result, struct err *err);

/* Add the result of another run, as if it had been seen `times` times; the balance stays that of the first one. */
void fleet_merge(struct fleet_result *result, const struct fleet_result *other, uint64_t times);

/* Return the share of the machines' processors that was used, 0 to 1. */
double fleet_utilisation(const struct fleet_config *config, const struct fleet_result *result);

/* Return the number of requests without an answer: shed or lost. */
uint64_t fleet_failures(const struct fleet_result *result);

void fleet_result_free(struct fleet_result *result);

#endif
