#include "planner/database.h"
#include "planner/read_rows.h"
#include "planner/replay.h"
#include "simulator/request_times.h"
#include "simulator/simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY  86400
#define HOUR 3600

/* A month in which chance does not decide which day of a shape is the busiest. */
#define LARGE_VOLUME 1e8

/* The largest volume that can be simulated. */
#define MOST_VOLUME 1e12

/* Arrivals of a log, which grow row by row. */
struct log_rows {
    uint32_t *seconds, *counts;
    struct counts_log log;
};

static int add_row(struct log_rows *rows, int64_t second, int64_t n, struct err *err)
{
    size_t i = rows->log.n;
    uint32_t *seconds = rows_grow(rows->seconds, i, sizeof *seconds, err);
    if (!seconds)
        return -1;
    rows->log.second = rows->seconds = seconds;
    uint32_t *counts = rows_grow(rows->counts, i, sizeof *counts, err);
    if (!counts)
        return -1;
    rows->log.count = rows->counts = counts;
    if (second >= COUNTS_MOST_SECONDS || n > UINT32_MAX)
        return err_set(err,
                       "cannot replay a log of more than ten years, or with more than %u "
                       "requests in a second",
                       UINT32_MAX);
    seconds[i] = (uint32_t)second;
    counts[i] = (uint32_t)n;
    rows->log.n = i + 1;
    rows->log.seconds = (size_t)second + 1;
    return 0;
}

static int read_log(const struct database *database, struct log_rows *rows, struct err *err)
{
    sqlite3_stmt *row = database_prepare(
        database,
        "SELECT second - (SELECT min(second) FROM traffic_arrival), sum(n) FROM traffic_arrival "
        "GROUP BY second ORDER BY second",
        err);
    int got = row ? database_step(database, row, err) : -1;
    for (; got == 1; got = database_step(database, row, err))
        if (add_row(rows, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), err) != 0)
            break;
    sqlite3_finalize(row);
    if (got == 0 && rows->log.n == 0)
        return err_set(err, "%s has no log to replay: read one with serverful traffic",
                       database->path);
    return got == 0 ? 0 : -1;
}

/* Choose the traffic, note its scenario and its name, and read the log if it is that. */
static int read_traffic(const struct database *database, struct traffic *traffic,
                        struct log_rows *rows, struct err *err)
{
    char name[32] = "";
    if (database_exec(database,
                      "INSERT INTO replay_input (name, value) SELECT 'scenario', scenario FROM "
                      "replay_traffic UNION ALL SELECT 'traffic', traffic FROM replay_traffic",
                      err) != 0)
        return -1;
    sqlite3_stmt *row =
        database_prepare(database, "SELECT value FROM replay_input WHERE name = 'traffic'", err);
    int got = row ? database_step(database, row, err) : -1;
    const char *found = got == 1 ? (const char *)sqlite3_column_text(row, 0) : NULL;
    snprintf(name, sizeof name, "%s", found ? found : "");
    sqlite3_finalize(row);
    if (got < 0)
        return -1;
    traffic->shape = shape_find(name);
    if (traffic->shape)
        return 0;
    if (strcmp(name, "log") != 0)
        return err_set(err,
                       "unknown traffic '%s': set the parameter traffic to auto, log, none or the "
                       "name of a shape",
                       name);
    traffic->log = &rows->log;
    return read_log(database, rows, err);
}

/* Find the second at which the busiest `length` seconds begin, in whole steps of seconds from the start, or at the end. Returns their
 * requests. */
static double find_busiest(const struct counts *counts, size_t length, size_t step, size_t *begin)
{
    double n = 0, most = -1;
    for (size_t end = 1; end <= counts->seconds; end++) {
        n += counts->by_second[end - 1];
        if (end > length)
            n -= counts->by_second[end - 1 - length];
        bool is_step = end >= length && (end - length) % step == 0;
        if ((is_step || end == counts->seconds) && n > most) {
            most = n;
            *begin = end - length;
        }
    }
    return most;
}

/* Leave out all of a log but `length` seconds, so that no request before or after them is shifted into them. */
static void cut_log(struct log_rows *rows, size_t begin, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->log.n; i++) {
        if (rows->seconds[i] < begin || rows->seconds[i] >= begin + length)
            continue;
        rows->seconds[n] = rows->seconds[i] - (uint32_t)begin;
        rows->counts[n++] = rows->counts[i];
    }
    rows->log.n = n;
    rows->log.seconds = length;
}

/* Write the requests from the second `begin` on, `length` seconds long. */
static int write_times(const struct database *database, const struct counts *counts, size_t begin,
                       size_t length, uint64_t seed, struct err *err)
{
    struct request_times times;
    int got = 0;
    sqlite3_stmt *row =
        database_prepare(database, "INSERT INTO replay_arrival (at_us) VALUES (?1)", err);
    request_times_start(&times, counts, seed);
    times.next = begin;
    for (sim_time time; row && got == 0 && request_times_next(&times, &time);) {
        if (time >= (begin + length) * SIM_SECOND)
            break;
        sqlite3_bind_int64(row, 1, (sqlite3_int64)((time - begin * SIM_SECOND) / 1000));
        got = database_step(database, row, err);
        sqlite3_reset(row);
    }
    sqlite3_finalize(row);
    return row && got == 0 ? 0 : -1;
}

static int write_length(const struct database *database, size_t length, struct err *err)
{
    sqlite3_stmt *row = database_prepare(
        database, "INSERT INTO replay_input (name, value) VALUES ('window_seconds', ?1)", err);
    if (!row)
        return -1;
    sqlite3_bind_int64(row, 1, (sqlite3_int64)length);
    int got = database_step(database, row, err);
    sqlite3_finalize(row);
    return got;
}

/* Find the second at which the busiest `length` seconds of the traffic begin. Sets the volume with which they have about `n` requests. */
static int scale_to_busiest(struct simulation *simulation, unsigned n, size_t length, size_t *begin,
                            struct err *err)
{
    struct traffic *traffic = &simulation->traffic;
    struct counts counts;
    traffic->volume = traffic->log ? 0 : LARGE_VOLUME;
    if (simulation_counts(simulation, 0, &counts, err) != 0)
        return -1;
    size_t step = !traffic->log && length == DAY ? DAY : HOUR;
    double most = find_busiest(&counts, length, step, begin);
    double volume = traffic->log ? (double)SIM_MONTH_SECONDS / (double)length * n
                                 : (double)counts.total * n / fmax(most, 1);
    traffic->volume = fmin(volume, MOST_VOLUME);
    counts_free(&counts);
    return 0;
}

/* Make the requests of the traffic so that its busiest `length` seconds have about `n`, and write those. */
static int write_busiest(const struct database *database, struct simulation *simulation,
                         struct log_rows *rows, unsigned n, size_t length, struct err *err)
{
    struct traffic *traffic = &simulation->traffic;
    size_t begin = 0;
    struct counts counts;
    traffic->seconds = traffic->log ? traffic->log->seconds : SIM_MONTH_SECONDS;
    if (length > traffic->seconds)
        length = traffic->seconds;
    if (scale_to_busiest(simulation, n, length, &begin, err) != 0)
        return -1;
    if (traffic->log) {
        cut_log(rows, begin, length);
        traffic->seconds = length;
        begin = 0;
    }
    if (simulation_counts(simulation, 0, &counts, err) != 0)
        return -1;
    int status = write_times(database, &counts, begin, length, simulation->seed, err);
    counts_free(&counts);
    return status == 0 ? write_length(database, length, err) : -1;
}

int replay_write_arrivals(const char *path, unsigned n, unsigned hours, uint64_t seed,
                          struct err *err)
{
    struct database database;
    struct log_rows rows = {0};
    struct simulation simulation = {.seed = seed, .repetitions = 1, .threads = 1};
    int status = database_open(&database, path, err);
    if (status == 0)
        status =
            database_exec(&database, "DELETE FROM replay_arrival; DELETE FROM replay_input;", err);
    if (status == 0)
        status = read_traffic(&database, &simulation.traffic, &rows, err);
    if (status == 0)
        status = write_busiest(&database, &simulation, &rows, n, (size_t)hours * HOUR, err);
    if (status == 0)
        status = database_exec(&database, "COMMIT", err);
    database_close(&database);
    free(rows.seconds);
    free(rows.counts);
    return status;
}
