/*
 * function_cases: the functions of some scenarios, each different one simulated once.
 */
#ifndef PLANNER_FUNCTION_CASES_H
#define PLANNER_FUNCTION_CASES_H

#include "planner/inputs.h"
#include "planner/target.h"
#include "simulator/function.h"

/* A function and its result. */
struct function_case {
    struct function_config config;
    struct function_result result;
};

struct function_cases {
    struct target *targets; /* The scenarios; owned by the caller. */
    size_t n_targets;
    size_t *of;                  /* The case of each target. */
    struct function_case *cases; /* As many as are different. */
    size_t n;
    double seconds;               /* The simulated time, of which the pieces are samples. */
    struct function_result *part; /* Room for the result of a part of the month. */
};

/* Find the cases of the targets. The caller calls function_cases_free(), also after a failure. Returns 0 or -1 with a reason. */
int function_cases_start(struct function_cases *cases, const struct inputs *inputs,
                         struct target *targets, size_t n, struct err *err);

/* Simulate all cases with the requests of a month, and add what comes of it. Returns 0 or -1 with a reason. */
int function_cases_run(struct function_cases *cases, const struct counts *month, uint64_t seed,
                       struct err *err);

/* Fill in the rows of the targets. */
void function_cases_finish(struct function_cases *cases);

void function_cases_free(struct function_cases *cases);

#endif
