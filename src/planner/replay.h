/*
 * replay: simulates what `serverful compare` has replayed for real against the pool and lambda-host, so that both can be compared. See
 * the tables replay_... in sql/simulation.sql.
 */
#ifndef PLANNER_REPLAY_H
#define PLANNER_REPLAY_H

#include "util/err.h"

#include <stdint.h>

/*
 * Write when about `n` requests come in the busiest `hours` hours of the traffic, at least 1, or in all of a log that is shorter, into the
 * table replay_arrival of the results at `path`. The traffic is that of the scenario 'standard', or else of the first one that has any;
 * without, the shape office-hours. Returns 0, or -1 with a reason; then the file is as it was.
 */
int replay_write_arrivals(const char *path, unsigned n, unsigned hours, uint64_t seed,
                          struct err *err);

/*
 * Simulate both sides with the arrivals of the replay, and with what was measured before it, and write the results into the table
 * replay_simulated; no row for a side of which too little was measured. Does nothing where there was no replay. Returns 0, or -1 with a
 * reason, also where the replay was interrupted; then the file is as it was.
 */
int replay_simulate(const char *path, uint64_t seed, struct err *err);

#endif
