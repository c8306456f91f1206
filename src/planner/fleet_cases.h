/*
 * fleet_cases: the fleets of some scenarios. What several of them have in common is simulated once.
 */
#ifndef PLANNER_FLEET_CASES_H
#define PLANNER_FLEET_CASES_H

#include "planner/busiest.h"
#include "planner/inputs.h"
#include "planner/month_credits.h"
#include "planner/target.h"

/* The least number of machines for the busiest minutes. */
struct busiest_case {
    struct busiest_config config;
    struct busiest_size size;
};

/* The least number of machines that do not run out of credits. */
struct credits_case {
    const struct durations *service;
    struct burstable type;
    double machines;
};

/* A fleet of a size, and what came of it. */
struct fleet_case {
    struct busiest_config config;
    double machines;
    uint64_t parts; /* Into how many parts it is cut, of which one is simulated. */
    sim_time loss;
    struct fleet_result result;
};

/* A row and what it is made of. */
struct fleet_use {
    struct target *target;
    struct fleet_row row;
    struct busiest_config config;
    double paid;    /* The machines that are paid for. */
    uint64_t parts; /* The parts of the fleet. */
    size_t fleet;   /* The fleet_case. */
};

struct fleet_cases {
    const struct inputs *inputs;
    struct fleet_use *uses;
    size_t n_uses;
    struct busiest_case *busiest;
    size_t n_busiest;
    struct credits_case *credits;
    size_t n_credits;
    struct fleet_case *fleets;
    size_t n_fleets;
    double seconds; /* The simulated time, of which the pieces are samples. */
};

/* Find the fleets of the targets. The caller calls fleet_cases_free(), also after a failure. Returns 0 or -1 with a reason. */
int fleet_cases_start(struct fleet_cases *cases, const struct inputs *inputs,
                      struct target *targets, size_t n, struct err *err);

/* Find the size of each fleet, and what its credits cost, for a month. Returns 0 or -1 with a reason. */
int fleet_cases_size(struct fleet_cases *cases, const struct counts *month, uint64_t seed,
                     struct err *err);

/* Simulate all fleets with the requests of a month, and add what comes of it. Returns 0 or -1 with a reason. */
int fleet_cases_run(struct fleet_cases *cases, const struct counts *month, uint64_t seed,
                    struct err *err);

/* Fill in the rows of the targets, which take the place for them. */
void fleet_cases_finish(struct fleet_cases *cases);

void fleet_cases_free(struct fleet_cases *cases);

#endif
