#include "planner/volume.h"

#include "planner/fleet_cases.h"
#include "planner/function_cases.h"
#include "simulator/simulation.h"

#include <stdlib.h>

/* A month of few requests is repeated until it has so many, but at most so often. */
#define LEAST_REQUESTS   10000
#define MOST_REPETITIONS 10

/* The repetitions that fleets need: they show little at small volumes. */
#define FLEET_REPETITIONS 2

/* The longest log of which all is replayed, in seconds: a leap year. */
#define MOST_SECONDS (366 * (size_t)86400)

static size_t seconds_of(const struct inputs *inputs, const struct scenario *scenario)
{
    size_t log = scenario->shape ? 0 : inputs->log.seconds;
    return log < SIM_MONTH_SECONDS ? SIM_MONTH_SECONDS : log < MOST_SECONDS ? log : MOST_SECONDS;
}

static unsigned repetitions_of(double volume)
{
    double wanted = LEAST_REQUESTS / volume;
    return wanted < 1 ? 1 : wanted < MOST_REPETITIONS ? (unsigned)wanted : MOST_REPETITIONS;
}

/* Simulate one repetition. The first one also finds the sizes of the fleets. */
static int simulate_once(struct function_cases *functions, struct fleet_cases *fleets,
                         const struct simulation *simulation, unsigned repetition, struct err *err)
{
    struct counts counts;
    uint64_t seed = simulation_seed(simulation, repetition);
    if (simulation_counts(simulation, repetition, &counts, err) != 0)
        return -1;
    int status = repetition == 0 ? fleet_cases_size(fleets, &counts, seed, err) : 0;
    if (status == 0)
        status = function_cases_run(functions, &counts, seed, err);
    if (status == 0 && repetition < FLEET_REPETITIONS)
        status = fleet_cases_run(fleets, &counts, seed, err);
    counts_free(&counts);
    return status;
}

int volume_simulate(const struct inputs *inputs, struct target *targets, size_t n, uint64_t seed,
                    struct err *err)
{
    const struct scenario *first = targets[0].scenario;
    const struct simulation simulation = {
        .traffic = {.shape = first->shape,
                    .log = &inputs->log,
                    .volume = targets[0].requests * first->origin,
                    .seconds = seconds_of(inputs, first)},
        .seed = seed,
    };
    struct function_cases functions;
    struct fleet_cases fleets = {0};
    unsigned repetitions = repetitions_of(simulation.traffic.volume);
    int status = function_cases_start(&functions, inputs, targets, n, err);
    if (status == 0)
        status = fleet_cases_start(&fleets, inputs, targets, n, err);
    for (unsigned i = 0; status == 0 && i < repetitions; i++)
        status = simulate_once(&functions, &fleets, &simulation, i, err);
    if (status == 0) {
        function_cases_finish(&functions);
        fleet_cases_finish(&fleets);
    }
    function_cases_free(&functions);
    fleet_cases_free(&fleets);
    return status;
}
