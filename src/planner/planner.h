/*
 * planner: simulates the scenarios of results.db with their traffic, at all volumes that the bills need, and writes what it finds into the
 * tables of sql/simulation.sql.
 */
#ifndef PLANNER_PLANNER_H
#define PLANNER_PLANNER_H

#include "util/err.h"

#include <stdint.h>
#include <stdio.h>

/* How to simulate. */
struct planner_options {
    const char *results; /* The path of results.db. */
    uint64_t seed;       /* The seed of all random numbers. */
    unsigned threads;    /* The most processors to use, at least 1. */
};

/*
 * Simulate all scenarios, in one transaction, and print a table of the result to `out`. Where nothing has changed since the last
 * simulation, only the table is printed. Returns 0, or -1 with a reason; then the file is as it was.
 */
int planner_run(const struct planner_options *options, FILE *out, struct err *err);

#endif
