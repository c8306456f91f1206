/*
 * write_rows: writes what was simulated into the tables of sql/simulation.sql.
 */
#ifndef PLANNER_WRITE_ROWS_H
#define PLANNER_WRITE_ROWS_H

#include "planner/database.h"
#include "planner/inputs.h"
#include "planner/target.h"

/* Replace all rows of the tables by those of `n` targets. Returns 0 or -1 with a reason. */
int write_targets(const struct database *database, const struct target *targets, size_t n,
                  struct err *err);

/* Write what was simulated: the hash of the inputs, the seed, facts about the log, and the hours of shapes. Returns 0 or -1 with a reason. */
int write_inputs(const struct database *database, const struct inputs *inputs, uint64_t seed,
                 struct err *err);

/* Find out whether the tables are those of these inputs. Returns 0 or -1 with a reason. */
int write_is_done(const struct database *database, const struct inputs *inputs, bool *is_done,
                  struct err *err);

#endif
