/*
 * target: a scenario at a monthly volume, and what comes of it.
 */
#ifndef PLANNER_TARGET_H
#define PLANNER_TARGET_H

#include "planner/scenario.h"

/* The percentiles of the latencies: p50, p90, p99 and p99.9. */
#define TARGET_PERCENTILES 4

/* What came of a function. */
struct function_row {
    double cold_share, throttled_share;
    double environments, running; /* The mean numbers. */
    uint64_t most_environments;
    sim_time percentiles[TARGET_PERCENTILES]; /* SIM_NEVER: no answer that fast. */
};

/* What came of VMs. */
struct fleet_row {
    const struct vm_type *type;
    bool is_managed; /* Whether they are those of Lambda Managed Instances. */
    double vms;      /* The least number; 0: none suffices, and all else is unknown. */
    double utilisation, shed_share;
    double surplus_credits; /* To pay, a month, of all VMs. */
    double least_credits;   /* Of one VM; NAN: it has no credits. */
    sim_time percentiles[TARGET_PERCENTILES];
};

/* A scenario at a monthly volume, and what comes of it. */
struct target {
    const struct scenario *scenario;
    double requests; /* The requests a month, those that a cache answers included. */
    bool has_function;
    struct function_row function;
    struct fleet_row *
        fleets; /* A row for each type with room for the service, and one for managed instances; owned by this struct. */
    size_t n_fleets;
};

#endif
