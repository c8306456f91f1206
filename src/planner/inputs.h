/*
 * inputs: all that a simulation depends on, as results.db has it.
 */
#ifndef PLANNER_INPUTS_H
#define PLANNER_INPUTS_H

#include "planner/database.h"
#include "planner/scenario.h"
#include "simulator/counts_log.h"

/* The most VMs that a parameter may add to a fleet or demand of it. Their simulation takes up to a minute. */
#define INPUTS_MOST_MACHINES 1000

struct inputs {
    struct scenario *scenarios; /* Those that have traffic. */
    size_t n_scenarios;
    struct vm_type *types;
    size_t n_types;
    struct counts_log log; /* The log; without requests if no scenario replays it. */
    double quota;          /* The most environments at once. */
    double request_rate;   /* The most requests a second. */
    uint64_t hash;         /* Differs where anything of this does. */
};

/* Read all inputs; `seed` is part of the hash. The caller calls inputs_free() also after a failure. Returns 0 or -1 with a reason. */
int inputs_read(struct inputs *inputs, const struct database *database, uint64_t seed,
                struct err *err);

/* Return the type of a name; NULL where there is none. That of a scenario's managed instances exists. */
const struct vm_type *inputs_find_type(const struct inputs *inputs, const char *name);

void inputs_free(struct inputs *inputs);

#endif
