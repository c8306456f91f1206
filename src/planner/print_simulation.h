/*
 * print_simulation: the table that the command prints.
 */
#ifndef PLANNER_PRINT_SIMULATION_H
#define PLANNER_PRINT_SIMULATION_H

#include "planner/database.h"

#include <stdio.h>

/* Print what the tables of sql/simulation.sql have at each scenario's own volume. Returns 0 or -1 with a reason. */
int print_simulation(const struct database *database, FILE *out, struct err *err);

#endif
