/* The search for the smallest fleet. */
#include "simulator/fleet.h"

#include <stdlib.h>

/* Simulate a fixed fleet. Sets `*suffices`: whether `share` of its requests are answered within `latency`. */
static int try_fleet(const struct fleet_config *config, const struct counts *counts, uint64_t seed,
                     double share, sim_time latency, unsigned machines, bool *suffices,
                     struct err *err)
{
    struct fleet_config fleet = *config;
    struct fleet_result *result = calloc(1, sizeof *result);
    if (!result)
        return err_errno(err, "cannot simulate %u machines", machines);
    fleet.machines = fleet.most = machines;
    int status = fleet_run(&fleet, counts, seed, result, err);
    *suffices = status == 0 && latencies_percentile(&result->report.latency, share,
                                                    fleet_failures(result)) <= latency;
    fleet_result_free(result);
    free(result);
    return status;
}

int fleet_find_smallest(const struct fleet_config *config, const struct counts *counts,
                        uint64_t seed, double share, sim_time latency, unsigned most,
                        unsigned *machines, struct err *err)
{
    unsigned low = 0, high = 1; /* `low` does not suffice. */
    bool suffices = false;
    *machines = 0;
    for (;; low = high, high = 2 * high < most ? 2 * high : most) {
        if (try_fleet(config, counts, seed, share, latency, high, &suffices, err) != 0)
            return -1;
        if (suffices)
            break;
        if (high == most)
            return 0;
    }
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if (try_fleet(config, counts, seed, share, latency, middle, &suffices, err) != 0)
            return -1;
        *(suffices ? &high : &low) = middle;
    }
    *machines = high;
    return 0;
}
