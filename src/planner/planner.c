#include "planner/planner.h"

#include "planner/print_simulation.h"
#include "planner/targets.h"
#include "planner/write_rows.h"

/* Simulate all scenarios, and write what comes of it. */
static int simulate(const struct planner_options *options, const struct database *database,
                    const struct inputs *inputs, struct err *err)
{
    struct targets targets;
    int status = targets_make(&targets, inputs, err);
    if (status == 0)
        status = targets_simulate(&targets, inputs, options->seed, options->threads, err);
    if (status == 0)
        status = write_targets(database, targets.targets, targets.n, err);
    if (status == 0)
        status = write_inputs(database, inputs, options->seed, err);
    targets_free(&targets);
    return status;
}

static int run(const struct planner_options *options, const struct database *database, FILE *out,
               struct err *err)
{
    struct inputs inputs;
    bool is_done = false;
    int status = inputs_read(&inputs, database, options->seed, err);
    if (status == 0)
        status = write_is_done(database, &inputs, &is_done, err);
    if (status == 0 && !is_done)
        status = simulate(options, database, &inputs, err);
    inputs_free(&inputs);
    if (status == 0)
        status = print_simulation(database, out, err);
    return status == 0 ? database_exec(database, "COMMIT", err) : -1;
}

int planner_run(const struct planner_options *options, FILE *out, struct err *err)
{
    struct database database;
    int status = database_open(&database, options->results, err);
    if (status == 0)
        status = run(options, &database, out, err);
    database_close(&database);
    return status;
}
