#include "planner/replay.h"

#include "planner/database.h"
#include "planner/read_rows.h"
#include "simulator/fleet.h"
#include "simulator/function.h"

#include <math.h>
#include <stdlib.h>

/* How often a replay is simulated: of the durations, chance decides. */
#define RUNS 200

/* What was measured before the replay, and when its requests came. */
struct replay {
    struct counts counts;
    /* How long a processor, or an environment, is busy. The way there, half of what a client waits besides, is a part of it. */
    struct durations warm, cold;
    sim_time round_trip; /* The way back. */
    sim_time placement;  /* What a client waits in addition at a cold start. */
    double idle_ms, processors, quota;
};

/* Simulated runs together. */
struct simulated {
    uint64_t requests, cold;
    struct latencies latency;
};

/* Read the numbers that a query returns in its first column. The caller frees `*values`, also after a failure. */
static int read_numbers(const struct database *database, const char *sql, const char *side,
                        uint64_t **values, size_t *n, struct err *err)
{
    sqlite3_stmt *row = database_prepare(database, sql, err);
    if (row)
        sqlite3_bind_text(row, 1, side, -1, SQLITE_STATIC);
    int got = row ? database_step(database, row, err) : -1;
    for (*n = 0; got == 1; got = database_step(database, row, err)) {
        uint64_t *grown = rows_grow(*values, *n, sizeof **values, err);
        if (!grown) {
            got = -1;
            break;
        }
        *values = grown;
        grown[(*n)++] = (uint64_t)sqlite3_column_int64(row, 0);
    }
    sqlite3_finalize(row);
    return got;
}

/* Read durations; without any, their mean is 0. */
static int read_durations(const struct database *database, const char *sql, const char *side,
                          struct durations *durations, struct err *err)
{
    uint64_t *values = NULL;
    size_t n;
    int status = read_numbers(database, sql, side, &values, &n, err);
    if (status == 0 && n > 0)
        status = durations_measure(durations, values, NULL, n, err);
    free(values);
    return status;
}

static int read_counts(const struct database *database, const char *side, struct counts *counts,
                       struct err *err)
{
    uint64_t *times = NULL;
    size_t n;
    int status = read_numbers(database,
                              "SELECT due_us * 1000 FROM replay_sample WHERE side = ?1 AND part = "
                              "'replay' ORDER BY due_us",
                              side, &times, &n, err);
    if (status == 0)
        status =
            counts_from_times(counts, times, n, n > 0 ? times[n - 1] / SIM_SECOND + 1 : 1, err);
    free(times);
    return status;
}

static int read_setting(const struct database *database, struct replay *replay, struct err *err)
{
    sqlite3_stmt *row = database_prepare(
        database,
        "SELECT (SELECT value FROM replay_input WHERE name = 'idle_ms'), (SELECT value FROM "
        "replay_input WHERE name = 'processors'), (SELECT value FROM replay_input WHERE name = "
        "'quota'), avg(took_us - busy_us) FILTER (WHERE part = 'warm') / 2, avg(took_us - busy_us) "
        "FILTER (WHERE part = 'cold') / 2 FROM replay_sample WHERE side = 'lambda' AND status "
        "BETWEEN 200 AND 299",
        err);
    int got = row ? database_step(database, row, err) : -1;
    if (got == 1) {
        replay->idle_ms = sqlite3_column_double(row, 0);
        replay->processors = sqlite3_column_double(row, 1);
        replay->quota = sqlite3_column_double(row, 2);
        double warm_us = fmax(sqlite3_column_double(row, 3), 0);
        double cold_us = fmax(sqlite3_column_double(row, 4), warm_us);
        replay->round_trip = (sim_time)(warm_us * 1000);
        replay->placement = (sim_time)((cold_us - warm_us) * 1000);
    }
    sqlite3_finalize(row);
    return got < 0 ? -1 : 0;
}

static int read_replay(const struct database *database, const char *side, struct replay *replay,
                       struct err *err)
{
    static const char warm[] = "SELECT coalesce((busy_us + took_us) / 2, took_us) * 1000 FROM "
                               "replay_sample WHERE side = ?1 AND part = "
                               "'warm' AND status BETWEEN 200 AND 299";
    static const char cold[] = "SELECT coalesce((busy_us + took_us) / 2, took_us) * 1000 FROM "
                               "replay_sample WHERE side = ?1 AND part = "
                               "'cold' AND status BETWEEN 200 AND 299";
    return read_setting(database, replay, err) ||
                   read_counts(database, side, &replay->counts, err) ||
                   read_durations(database, warm, side, &replay->warm, err) ||
                   read_durations(database, cold, side, &replay->cold, err)
               ? -1
               : 0;
}

/* Simulate lambda-host. Each environment runs at its full speed. */
static int simulate_function(const struct replay *replay, uint64_t seed,
                             struct simulated *simulated, struct err *err)
{
    static const struct durations none;
    struct function_config config = {
        .warm = &replay->warm,
        .first = &replay->cold,
        .init = &none, /* it is part of `cold` */
        .placement = replay->placement,
        .round_trip = replay->round_trip,
        .reuse = REUSE_MOST_RECENT, /* as src/lambda_host/function.c has it */
        .idle_life = (sim_time)(replay->idle_ms * (double)SIM_MILLISECOND),
        .max_age = SIM_NEVER,
        .quota = (uint32_t)replay->quota,
        .growth_at_once = 1,
    };
    struct function_result *result = calloc(1, sizeof *result);
    if (!result)
        return err_errno(err, "cannot simulate a replay");
    int status = function_run(&config, &replay->counts, seed, result, err);
    simulated->requests += result->requests;
    simulated->cold += result->cold;
    latencies_merge(&simulated->latency, &result->latency, 1);
    free(result);
    return status;
}

/* Simulate nginx and the pool: one machine, on which a request, its client included, takes a processor from its begin to its end. */
static int simulate_vm(const struct replay *replay, uint64_t seed, struct simulated *simulated,
                       struct err *err)
{
    struct fleet_config config = {
        .machine = {.cores = replay->processors < 1 ? 1 : (unsigned)replay->processors,
                    .waiting = SIM_NEVER},
        .service = &replay->warm,
        .machines = 1,
        .most = 1,
    };
    struct fleet_result *result = calloc(1, sizeof *result);
    if (!result)
        return err_errno(err, "cannot simulate a replay");
    int status = fleet_run(&config, &replay->counts, seed, result, err);
    simulated->requests += result->requests;
    latencies_merge(&simulated->latency, &result->report.latency, 1);
    fleet_result_free(result);
    free(result);
    return status;
}

static int write_side(const struct database *database, const char *side,
                      const struct simulated *simulated, struct err *err)
{
    static const double shares[] = {0.5, 0.9, 0.99};
    sqlite3_stmt *row = database_prepare(database,
                                         "INSERT INTO replay_simulated (side, cold_share, p50_ms, "
                                         "p90_ms, p99_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
                                         err);
    if (!row)
        return -1;
    sqlite3_bind_text(row, 1, side, -1, SQLITE_STATIC);
    sqlite3_bind_double(row, 2, (double)simulated->cold / (double)simulated->requests);
    for (int i = 0; i < 3; i++)
        sqlite3_bind_double(row, 3 + i,
                            (double)latencies_percentile(&simulated->latency, shares[i], 0) / 1e6);
    int got = database_step(database, row, err);
    sqlite3_finalize(row);
    return got;
}

/* Return whether enough was measured to simulate a side: requests of the replay, and answers before it. */
static bool is_measured(const struct replay *replay, bool is_function)
{
    return replay->counts.total > 0 && replay->warm.mean > 0 &&
           (!is_function || replay->cold.mean > 0);
}

/* Check that the replay of the file has ended, if there was one. */
static int check_end(const struct database *database, struct err *err)
{
    sqlite3_stmt *row = database_prepare(
        database,
        "SELECT 1 FROM replay_sample WHERE NOT EXISTS (SELECT 1 FROM replay_input WHERE name = "
        "'seconds') LIMIT 1",
        err);
    int got = row ? database_step(database, row, err) : -1;
    sqlite3_finalize(row);
    if (got == 1)
        return err_set(err, "%s: the replay was interrupted: measure again with serverful compare",
                       database->path);
    return got;
}

/* Simulate a side that was replayed, and write the result. Writes none where too little was measured. */
static int simulate_side(const struct database *database, const char *side, bool is_function,
                         uint64_t seed, struct err *err)
{
    struct replay replay = {0};
    struct simulated *simulated = calloc(1, sizeof *simulated);
    int status = simulated ? read_replay(database, side, &replay, err)
                           : err_errno(err, "cannot simulate a replay");
    bool is_known = status == 0 && is_measured(&replay, is_function);
    for (uint64_t run = 0; status == 0 && is_known && run < RUNS; run++)
        status = is_function ? simulate_function(&replay, seed + run, simulated, err)
                             : simulate_vm(&replay, seed + run, simulated, err);
    if (status == 0 && is_known)
        status = write_side(database, side, simulated, err);
    counts_free(&replay.counts);
    durations_free(&replay.warm);
    durations_free(&replay.cold);
    free(simulated);
    return status;
}

int replay_simulate(const char *path, uint64_t seed, struct err *err)
{
    struct database database;
    int status = database_open(&database, path, err);
    if (status == 0)
        status = check_end(&database, err);
    if (status == 0)
        status = database_exec(&database, "DELETE FROM replay_simulated", err);
    if (status == 0)
        status = simulate_side(&database, "vm", false, seed, err);
    if (status == 0)
        status = simulate_side(&database, "lambda", true, seed, err);
    if (status == 0)
        status = database_exec(&database, "COMMIT", err);
    database_close(&database);
    return status;
}
