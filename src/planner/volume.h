/*
 * volume: simulates the scenarios with one course of traffic at one monthly volume.
 */
#ifndef PLANNER_VOLUME_H
#define PLANNER_VOLUME_H

#include "planner/inputs.h"
#include "planner/target.h"

/*
 * Simulate `n` scenarios that have the same traffic and the same volume without what a cache answers. Fills in the targets, which are
 * zeroed apart from their scenario and requests; the caller frees their fleets, also after a failure. Returns 0 or -1 with a reason.
 */
int volume_simulate(const struct inputs *inputs, struct target *targets, size_t n, uint64_t seed,
                    struct err *err);

#endif
