/*
 * percentiles: the percentiles that the tables have.
 */
#ifndef PLANNER_PERCENTILES_H
#define PLANNER_PERCENTILES_H

#include "planner/target.h"
#include "simulator/latencies.h"

/* Write p50, p90, p99 and p99.9 of all requests; `failures` of them had no answer. */
static inline void percentiles_of(const struct latencies *latencies, uint64_t failures,
                                  sim_time percentiles[TARGET_PERCENTILES])
{
    static const double shares[TARGET_PERCENTILES] = {0.5, 0.9, 0.99, 0.999};
    for (int i = 0; i < TARGET_PERCENTILES; i++)
        percentiles[i] = latencies_percentile(latencies, shares[i], failures);
}

#endif
