/*
 * simulation: simulates functions and fleets with the same traffic, several times if wanted, on several processors. The result
 * depends on the seed, and not on the number of processors.
 */
#ifndef SIMULATOR_SIMULATION_H
#define SIMULATOR_SIMULATION_H

#include "simulator/counts_log.h"
#include "simulator/counts_shape.h"
#include "simulator/fleet.h"
#include "simulator/function.h"

/* Where the requests come from. */
struct traffic {
    const struct shape *shape;    /* A shape; NULL: the log. */
    const struct counts_log *log; /* A log; NULL: the shape. */
    double volume;                /* The requests a month; 0: those of the log. */
    size_t seconds;               /* The simulated time. */
};

struct simulation {
    struct traffic traffic;
    uint64_t seed;
    unsigned
        repetitions; /* How often all is simulated, each time with other random numbers; at least 1. */
    unsigned threads;                        /* The most processors to use; at least 1. */
    const struct function_config *functions; /* The functions; owned by the caller. */
    size_t n_functions;
    const struct fleet_config *fleets; /* The fleets; owned by the caller. */
    size_t n_fleets;
};

/* Make the requests of a repetition, from 0. Returns 0 or -1, as counts_from_shape() and counts_from_log() do. */
int simulation_counts(const struct simulation *simulation, unsigned repetition,
                      struct counts *counts, struct err *err);

/* Return the seed of a repetition. */
uint64_t simulation_seed(const struct simulation *simulation, unsigned repetition);

/*
 * Simulate all. `functions` and `fleets` have room for a result of each, and are zeroed; of several repetitions they are the sum.
 * fleet_result_free() frees those of the fleets, after a failure, too. Returns 0, or -1 with the reason of the first job that failed.
 */
int simulation_run(const struct simulation *simulation, struct function_result *functions,
                   struct fleet_result *fleets, struct err *err);

#endif
