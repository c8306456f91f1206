/*
 * Measures the simulator: the requests that a core simulates in a minute, in several runs of a month or a year, and the peak memory so
 * far. Takes processor time, so that other programs of the machine disturb little.
 */
#include "simulator/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define YEAR (12 * (size_t)SIM_MONTH_SECONDS)

static const struct durations warm = {.kind = DURATIONS_EXPONENTIAL, .mean = 14e6};
static const struct durations first = {.kind = DURATIONS_CONSTANT, .mean = 20e6};

static const struct function_config function = {
    .warm = &warm,
    .first = &first,
    .init = &first,
    .idle_life = 300 * SIM_SECOND,
    .max_age = SIM_NEVER,
    .quota = 1000,
    .growth = 100,
    .growth_at_once = 1000,
    .request_rate = 10000,
};

static const struct fleet_config fleet = {
    .machine = {.cores = 2,
                .waiting = 500,
                .credits = {.per_minute = 0.4, .baseline = 0.2, .most = 576, .unlimited = true}},
    .service = &warm,
    .machines = 4,
    .most = 20,
    .target = 0.5,
    .boot = SIM_MINUTE,
    .loss = 600 * SIM_SECOND,
};

/* A measurement: the traffic, and which sides are simulated. */
struct measurement {
    const char *name, *shape;
    double volume;
    size_t seconds;
    bool has_function, has_fleet;
    unsigned threads;
};

static const struct measurement measurements[] = {
    {"function, steady, 30 million a month", "steady", 3e7, SIM_MONTH_SECONDS, true, false, 1},
    {"function, steady, 1 billion a month, 3 days", "steady", 1e9, 259200, true, false, 1},
    {"function, a sale, 30 million a month", "shop-sale", 3e7, SIM_MONTH_SECONDS, true, false, 1},
    {"function, office hours, a year", "office-hours", 3e6, YEAR, true, false, 1},
    {"fleet, steady, 30 million a month", "steady", 3e7, SIM_MONTH_SECONDS, false, true, 1},
    {"fleet, steady, 1 billion a month, 3 days", "steady", 1e9, 259200, false, true, 1},
    {"fleet, a sale, 30 million a month", "shop-sale", 3e7, SIM_MONTH_SECONDS, false, true, 1},
    {"fleet, office hours, a year", "office-hours", 3e6, YEAR, false, true, 1},
    {"both, a sale, 30 million a month, 2 threads", "shop-sale", 3e7, SIM_MONTH_SECONDS, true, true,
     2},
};

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void measure(const struct measurement *measurement)
{
    struct simulation simulation = {
        .traffic = {.shape = shape_find(measurement->shape),
                    .volume = measurement->volume,
                    .seconds = measurement->seconds},
        .repetitions = 1,
        .threads = measurement->threads,
        .functions = &function,
        .n_functions = measurement->has_function,
        .fleets = &fleet,
        .n_fleets = measurement->has_fleet,
    };
    static struct function_result function_result;
    struct fleet_result fleet_result = {0};
    struct rusage usage;
    struct err err;
    function_result = (struct function_result){0};
    double begin = seconds_of(CLOCK_MONOTONIC), cpu_begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    if (simulation_run(&simulation, &function_result, &fleet_result, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    double requests = (double)(function_result.requests + fleet_result.requests);
    getrusage(RUSAGE_SELF, &usage);
    printf("%-46s %9.1f %12.0f %9.1f %8.1f %6ld\n", measurement->name, requests / 1e6,
           requests / cpu * 60 / 1e6, cpu, seconds_of(CLOCK_MONOTONIC) - begin,
           usage.ru_maxrss / 1024);
    fleet_result_free(&fleet_result);
}

int main(void)
{
    printf("%-46s %9s %12s %9s %8s %6s\n", "simulation", "millions", "M/min/core", "CPU s", "s",
           "MB");
    for (size_t i = 0; i < sizeof measurements / sizeof *measurements; i++)
        measure(&measurements[i]);
}
