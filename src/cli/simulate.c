/*
 * simulate: simulates both sides of the comparison with the traffic of a log or a shape.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "planner/planner.h"
#include "planner/replay.h"

#include <unistd.h>

#define DEFAULT_RESULTS "results.db"
#define DEFAULT_SEED    1

/* The most threads that --threads takes. */
#define MOST_THREADS 256

/* The hours of a replay, and their largest number: a month. */
#define DEFAULT_HOURS 24
#define MOST_HOURS    730

/* The most requests of a replay. */
#define MOST_ARRIVALS 10000000

int command_simulate(int argc, char **argv)
{
    const char *arrivals = NULL, *hours = CLI_TEXT(DEFAULT_HOURS), *replay = NULL;
    const char *results = DEFAULT_RESULTS, *seed = CLI_TEXT(DEFAULT_SEED), *threads = NULL;
    const struct cli_option options[] = {
        {"results", "FILE", "the results of serverful compare", &results},
        {"seed", "N", "the seed of the random numbers", &seed},
        {"arrivals", "N", "only choose N requests for a replay; serverful compare does so",
         &arrivals},
        {"hours", "N", "with --arrivals, the hours from which they are, the busiest ones", &hours},
        {"replay", NULL, "only simulate the replay of serverful compare", &replay},
        {"threads", "N", "the processors to use; all of them, if not given", &threads},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Simulate Lambda and the VMs with the traffic of a log, or of a "
                                  "shape, at each monthly volume.",
                                  options);
    if (status >= 0)
        return status;
    struct planner_options plan = {.results = results};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned number, n_arrivals, n_hours;
    plan.threads = processors < 1              ? 1
                   : processors > MOST_THREADS ? MOST_THREADS
                                               : (unsigned)processors;
    if ((threads &&
         !cli_read_number(argv[0], "threads", threads, 1, MOST_THREADS, &plan.threads)) ||
        !cli_read_number(argv[0], "seed", seed, 0, UINT32_MAX, &number))
        return 2;
    plan.seed = number;
    struct err err;
    if ((arrivals &&
         !cli_read_number(argv[0], "arrivals", arrivals, 1, MOST_ARRIVALS, &n_arrivals)) ||
        !cli_read_number(argv[0], "hours", hours, 1, MOST_HOURS, &n_hours))
        return 2;
    if (arrivals)
        return replay_write_arrivals(results, n_arrivals, n_hours, number, &err)
                   ? cli_fail(argv[0], err.text)
                   : 0;
    if (replay)
        return replay_simulate(results, number, &err) ? cli_fail(argv[0], err.text) : 0;
    return planner_run(&plan, stdout, &err) ? cli_fail(argv[0], err.text) : 0;
}
