#include "planner/inputs.h"

#include "planner/read_durations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The columns of the query for scenarios. */
enum {
    NAME,
    TRAFFIC,
    REQUESTS,
    ORIGIN,
    MEMORY_MB,
    BILLED_MS,
    INIT_MS,
    VM_MS,
    MANAGED_MS,
    IDLE_SECONDS,
    ENVIRONMENT_HOURS,
    PLACEMENT_MS,
    REUSE,
    PROVISIONED,
    P99_MS,
    LOST_SECONDS,
    INSTANCES,
    SPARE,
    USED_MB,
    SURPLUS_CREDITS,
    AUTOSCALING,
    HEADROOM,
    BOOT_SECONDS,
    MANAGED_INSTANCES,
    MANAGED_CONCURRENCY,
    MANAGED_INSTANCE,
};

static const char scenarios_sql[] =
    "SELECT setting.scenario, traffic, requests, origin, memory_mb, demand.billed_ms, "
    "demand.init_ms, demand.vm_cpu_seconds * 1000, demand.function_cpu_seconds * 1000, "
    "idle_seconds, environment_hours, placement_ms, coalesce(reuse, ''), provisioned, p99_ms, "
    "lost_seconds, "
    "instances, spare, system_mb + coalesce(demand.vm_memory_mb, 0), surplus_credits, "
    "autoscaling, headroom, boot_seconds, managed_instances, managed_concurrency, managed_instance "
    "FROM setting JOIN demand USING (scenario) JOIN scenario ON scenario.name = setting.scenario "
    "WHERE traffic <> 'none' ORDER BY position";

/* What takes the rows of several queries. */
struct inputs_reader {
    struct rows_reader rows;
    struct inputs *inputs;
    struct request_means *means; /* Those of each scenario. */
    uint32_t *seconds, *counts;  /* The arrivals of the log. */
    int64_t first_second;
};

static char *copy_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return strdup(text ? text : "");
}

static sim_time from_seconds(double seconds)
{
    double ns = seconds * (double)SIM_SECOND;
    return ns < 1e18 ? (sim_time)ns : (sim_time)1e18;
}

static int read_traffic(struct scenario *scenario, const char *traffic, struct err *err)
{
    scenario->shape = shape_find(traffic);
    if (scenario->shape || strcmp(traffic, "log") == 0)
        return 0;
    return err_set(err,
                   "scenario %s: unknown traffic '%s': set the parameter traffic to auto, log, "
                   "none, or a shape: steady, office-hours, shop-sale, hourly-job, front-page",
                   scenario->name, traffic);
}

static int read_reuse(struct scenario *scenario, const char *reuse, struct err *err)
{
    static const char *const names[] = {
        [REUSE_NEWEST] = "newest", [REUSE_MOST_RECENT] = "recent", [REUSE_LEAST_RECENT] = "oldest"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scenario->reuse = (enum reuse_order)i;
        if (strcmp(names[i], reuse) == 0)
            return 0;
    }
    return err_set(err,
                   "scenario %s: unknown order of reuse '%s': set the parameter reuse to newest, "
                   "recent or oldest",
                   scenario->name, reuse);
}

/* Take a number of VMs that a parameter adds or demands. The simulated fleet has all of them. */
static int read_machines(const struct scenario *scenario, sqlite3_stmt *row, int column,
                         double *machines, struct err *err)
{
    *machines = ceil(sqlite3_column_double(row, column));
    if (*machines <= INPUTS_MOST_MACHINES)
        return 0;
    return err_set(err,
                   "scenario %s: cannot simulate a fleet with %s %.15g: set the parameter to at "
                   "most %d, or the parameter traffic to none",
                   scenario->name, sqlite3_column_name(row, column), *machines,
                   INPUTS_MOST_MACHINES);
}

static int read_vms(struct scenario *scenario, sqlite3_stmt *row, struct err *err)
{
    scenario->in_time = from_seconds(sqlite3_column_double(row, P99_MS) / 1000);
    scenario->loss = from_seconds(sqlite3_column_double(row, LOST_SECONDS));
    scenario->used_mb = sqlite3_column_double(row, USED_MB);
    scenario->surplus_credits = sqlite3_column_int(row, SURPLUS_CREDITS) != 0;
    scenario->autoscaling = sqlite3_column_int(row, AUTOSCALING) != 0;
    scenario->target = 1 - sqlite3_column_double(row, HEADROOM);
    scenario->boot_s = sqlite3_column_double(row, BOOT_SECONDS);
    scenario->concurrency = sqlite3_column_double(row, MANAGED_CONCURRENCY);
    scenario->managed_type = copy_text(row, MANAGED_INSTANCE);
    return read_machines(scenario, row, INSTANCES, &scenario->least, err) ||
                   read_machines(scenario, row, SPARE, &scenario->spare, err) ||
                   read_machines(scenario, row, MANAGED_INSTANCES, &scenario->least_managed, err)
               ? -1
               : 0;
}

static void read_function(struct scenario *scenario, sqlite3_stmt *row)
{
    scenario->idle_life = from_seconds(sqlite3_column_double(row, IDLE_SECONDS));
    scenario->max_age = from_seconds(sqlite3_column_double(row, ENVIRONMENT_HOURS) * 3600);
    scenario->placement = from_seconds(sqlite3_column_double(row, PLACEMENT_MS) / 1000);
    scenario->provisioned = (uint32_t)fmin(ceil(sqlite3_column_double(row, PROVISIONED)), 1e9);
}

static int take_scenario(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct inputs_reader *reader = arg;
    struct inputs *inputs = reader->inputs;
    size_t n = inputs->n_scenarios;
    struct scenario *scenarios = rows_grow(inputs->scenarios, n, sizeof *scenarios, err);
    if (!scenarios)
        return -1;
    inputs->scenarios = scenarios;
    struct request_means *means = rows_grow(reader->means, n, sizeof *means, err);
    if (!means)
        return -1;
    reader->means = means;
    means[n] = (struct request_means){
        .memory_mb = sqlite3_column_double(row, MEMORY_MB),
        .billed_ms = sqlite3_column_double(row, BILLED_MS),
        .init_ms = sqlite3_column_double(row, INIT_MS),
        .vm_ms = sqlite3_column_double(row, VM_MS),
        .managed_ms = sqlite3_column_double(row, MANAGED_MS),
    };
    struct scenario *scenario = &scenarios[n];
    *scenario = (struct scenario){.name = copy_text(row, NAME),
                                  .requests = sqlite3_column_double(row, REQUESTS),
                                  .origin = sqlite3_column_double(row, ORIGIN)};
    inputs->n_scenarios++;
    read_function(scenario, row);
    int status = read_vms(scenario, row, err);
    if (!scenario->name || !scenario->managed_type)
        return err_errno(err, "cannot keep %zu scenarios", n);
    return status || read_traffic(scenario, (const char *)sqlite3_column_text(row, TRAFFIC), err) ||
                   read_reuse(scenario, (const char *)sqlite3_column_text(row, REUSE), err)
               ? -1
               : 0;
}

static int take_type(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct inputs *inputs = ((struct inputs_reader *)arg)->inputs;
    struct vm_type *types = rows_grow(inputs->types, inputs->n_types, sizeof *types, err);
    if (!types)
        return -1;
    inputs->types = types;
    struct vm_type *type = &types[inputs->n_types++];
    *type = (struct vm_type){.name = copy_text(row, 0),
                             .vcpus = (unsigned)sqlite3_column_int(row, 1),
                             .memory_mb = sqlite3_column_double(row, 2),
                             .baseline = sqlite3_column_double(row, 3)};
    return type->name ? 0 : err_errno(err, "cannot keep %zu types of VMs", inputs->n_types);
}

static int take_quota(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct inputs *inputs = ((struct inputs_reader *)arg)->inputs;
    (void)err;
    inputs->quota = sqlite3_column_double(row, 0);
    inputs->request_rate = sqlite3_column_double(row, 1);
    return 0;
}

static int take_arrivals(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct inputs_reader *reader = arg;
    struct counts_log *log = &reader->inputs->log;
    int64_t second = sqlite3_column_int64(row, 0), n = sqlite3_column_int64(row, 1);
    if (log->n == 0)
        reader->first_second = second;
    second -= reader->first_second;
    if (second >= COUNTS_MOST_SECONDS || n > UINT32_MAX)
        return err_set(err,
                       "cannot replay a log of more than ten years, or with more than %u "
                       "requests in a second: read one with serverful traffic that is right",
                       UINT32_MAX);
    uint32_t *seconds = rows_grow(reader->seconds, log->n, sizeof *seconds, err);
    if (!seconds)
        return -1;
    log->second = reader->seconds = seconds;
    uint32_t *counts = rows_grow(reader->counts, log->n, sizeof *counts, err);
    if (!counts)
        return -1;
    log->count = reader->counts = counts;
    seconds[log->n] = (uint32_t)second;
    counts[log->n++] = (uint32_t)n;
    log->seconds = (size_t)second + 1;
    return 0;
}

/* Read the log, where a scenario replays it. */
static int read_log(struct inputs_reader *reader, struct err *err)
{
    const struct inputs *inputs = reader->inputs;
    bool is_wanted = false;
    for (size_t i = 0; i < inputs->n_scenarios; i++)
        is_wanted |= !inputs->scenarios[i].shape;
    if (!is_wanted)
        return 0;
    if (rows_read(&reader->rows,
                  "SELECT second, sum(n) FROM traffic_arrival GROUP BY second ORDER BY second", 0,
                  take_arrivals, reader, err) != 0)
        return -1;
    if (inputs->log.n == 0)
        return err_set(
            err,
            "%s: no arrivals to replay: read an access log with serverful traffic, or set "
            "the parameter traffic to a shape or none",
            reader->rows.database->path);
    return 0;
}

static bool are_same(const struct durations *a, const struct durations *b)
{
    return a->kind == b->kind && a->mean <= b->mean && a->mean >= b->mean && a->n == b->n &&
           (a->n == 0 || (memcmp(a->values, b->values, a->n * sizeof *a->values) == 0 &&
                          memcmp(a->ends, b->ends, a->n * sizeof *a->ends) == 0));
}

/* Point a scenario at its durations, or at those of an earlier one that has the same. */
static void share_durations(struct scenario *scenarios, size_t n)
{
    struct scenario *scenario = &scenarios[n];
    for (int use = 0; use < N_DURATIONS; use++) {
        size_t i = 0;
        while (i < n && !are_same(&scenarios[i].own[use], &scenario->own[use]))
            i++;
        scenario->durations[use] = &scenarios[i].own[use];
    }
}

/* Check that the VMs of Lambda Managed Instances are of a type that exists. */
static int check_managed_types(const struct inputs *inputs, struct err *err)
{
    for (size_t i = 0; i < inputs->n_scenarios; i++) {
        const struct scenario *scenario = &inputs->scenarios[i];
        if (!inputs_find_type(inputs, scenario->managed_type))
            return err_set(err,
                           "scenario %s: unknown type of VM '%s': set the parameter "
                           "managed_instance to a name of the table instance, or add it there",
                           scenario->name, scenario->managed_type);
    }
    return 0;
}

static int read_all(struct inputs_reader *reader, struct err *err)
{
    struct inputs *inputs = reader->inputs;
    if (rows_read(&reader->rows, scenarios_sql, 0, take_scenario, reader, err) != 0)
        return -1;
    for (size_t i = 0; i < inputs->n_scenarios; i++) {
        if (read_durations(&reader->rows, &reader->means[i], inputs->scenarios[i].own, err) != 0)
            return -1;
        share_durations(inputs->scenarios, i);
    }
    if (rows_read(&reader->rows,
                  "SELECT name, vcpus, memory_mb, baseline FROM instance ORDER BY name", 0,
                  take_type, reader, err) != 0 ||
        rows_read(&reader->rows,
                  "SELECT (SELECT value FROM quota WHERE name = 'concurrency'),"
                  " (SELECT value FROM quota WHERE name = 'request rate')",
                  0, take_quota, reader, err) != 0)
        return -1;
    return check_managed_types(inputs, err) || read_log(reader, err) ? -1 : 0;
}

int inputs_read(struct inputs *inputs, const struct database *database, uint64_t seed,
                struct err *err)
{
    *inputs = (struct inputs){0};
    struct inputs_reader reader = {.inputs = inputs,
                                   .rows = {.database = database, .hash = XXH3_createState()}};
    if (!reader.rows.hash)
        return err_errno(err, "cannot hash the inputs");
    XXH3_64bits_reset(reader.rows.hash);
    XXH3_64bits_update(reader.rows.hash, VERSION, strlen(VERSION));
    XXH3_64bits_update(reader.rows.hash, &seed, sizeof seed);
    int status = read_all(&reader, err);
    inputs->hash = XXH3_64bits_digest(reader.rows.hash);
    XXH3_freeState(reader.rows.hash);
    free(reader.means);
    return status;
}

const struct vm_type *inputs_find_type(const struct inputs *inputs, const char *name)
{
    for (size_t i = 0; i < inputs->n_types; i++)
        if (strcmp(inputs->types[i].name, name) == 0)
            return &inputs->types[i];
    return NULL;
}

void inputs_free(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->n_scenarios; i++) {
        struct scenario *scenario = &inputs->scenarios[i];
        for (int use = 0; use < N_DURATIONS; use++)
            durations_free(&scenario->own[use]);
        free(scenario->name);
        free(scenario->managed_type);
    }
    for (size_t i = 0; i < inputs->n_types; i++)
        free(inputs->types[i].name);
    free(inputs->scenarios);
    free(inputs->types);
    free((void *)inputs->log.second);
    free((void *)inputs->log.count);
}
