#include "simulator/simulation.h"

#include "simulator/jobs.h"
#include "util/random.h"

#include <stdlib.h>

/* One side in one repetition. */
struct job {
    struct function_result *function; /* The result of a function; NULL: it is a fleet. */
    struct fleet_result *fleet;       /* That of a fleet. */
    int status;
    struct err err;
};

/* The jobs of a simulation, those of a repetition after each other. */
struct work {
    const struct simulation *simulation;
    size_t sides; /* The number of functions and fleets. */
    struct job *jobs;
};

uint64_t simulation_seed(const struct simulation *simulation, unsigned repetition)
{
    uint64_t state = simulation->seed;
    state = random_split_mix(&state) + repetition;
    return random_split_mix(&state);
}

int simulation_counts(const struct simulation *simulation, unsigned repetition,
                      struct counts *counts, struct err *err)
{
    const struct traffic *traffic = &simulation->traffic;
    uint64_t seed = simulation_seed(simulation, repetition);
    if (traffic->shape)
        return counts_from_shape(counts, traffic->shape, traffic->volume, traffic->seconds, seed,
                                 err);
    return counts_from_log(counts, traffic->log, traffic->volume, traffic->seconds, seed, err);
}

/* Simulate a side. */
static int run_side(const struct simulation *simulation, struct job *job, size_t side,
                    const struct counts *counts, uint64_t seed)
{
    if (side < simulation->n_functions) {
        job->function = calloc(1, sizeof *job->function);
        return job->function ? function_run(&simulation->functions[side], counts, seed,
                                            job->function, &job->err)
                             : err_errno(&job->err, "cannot simulate a function");
    }
    job->fleet = calloc(1, sizeof *job->fleet);
    return job->fleet ? fleet_run(&simulation->fleets[side - simulation->n_functions], counts, seed,
                                  job->fleet, &job->err)
                      : err_errno(&job->err, "cannot simulate a fleet");
}

static void do_job(void *arg, size_t i)
{
    const struct work *work = arg;
    struct job *job = &work->jobs[i];
    unsigned repetition = (unsigned)(i / work->sides);
    struct counts counts;
    job->status = simulation_counts(work->simulation, repetition, &counts, &job->err);
    if (job->status != 0)
        return;
    job->status = run_side(work->simulation, job, i % work->sides, &counts,
                           simulation_seed(work->simulation, repetition));
    counts_free(&counts);
}

/* Add the result of a side to that of the repetitions before. */
static void merge_side(const struct simulation *simulation, const struct job *job, size_t side,
                       struct function_result *functions, struct fleet_result *fleets)
{
    if (job->function) {
        function_merge(&functions[side], job->function, 1);
        return;
    }
    struct fleet_result *fleet = &fleets[side - simulation->n_functions];
    if (fleet->requests == 0 && fleet->seconds <= 0) {
        *fleet = *job->fleet;
        *job->fleet = (struct fleet_result){0};
    } else {
        fleet_merge(fleet, job->fleet, 1);
    }
}

/* Merge the results in the order of the jobs, not in that in which they end, and free them. Merges nothing once `status` is not 0, or a job has
 * failed. */
static int merge_jobs(const struct work *work, size_t n, int status,
                      struct function_result *functions, struct fleet_result *fleets,
                      struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct job *job = &work->jobs[i];
        if (status == 0 && job->status != 0)
            *err = job->err;
        status |= job->status;
        if (status == 0)
            merge_side(work->simulation, job, i % work->sides, functions, fleets);
        if (job->fleet)
            fleet_result_free(job->fleet);
        free(job->function);
        free(job->fleet);
    }
    return status;
}

int simulation_run(const struct simulation *simulation, struct function_result *functions,
                   struct fleet_result *fleets, struct err *err)
{
    struct work work = {.simulation = simulation,
                        .sides = simulation->n_functions + simulation->n_fleets};
    size_t n = work.sides * simulation->repetitions;
    if (n == 0)
        return 0;
    work.jobs = calloc(n, sizeof *work.jobs);
    if (!work.jobs)
        return err_errno(err, "cannot simulate %zu times", n);
    int status = jobs_run(simulation->threads, n, do_job, &work, err);
    status = merge_jobs(&work, n, status, functions, fleets, err);
    free(work.jobs);
    return status;
}
