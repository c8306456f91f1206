#include "planner/write_rows.h"

#include "simulator/counts_log.h"
#include "simulator/sim_time.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* The length of a hash in hexadecimal digits, with the end. */
#define HASH_SIZE 17

/* Bind a number from the parameter `*at` on; NAN is NULL. */
static void bind(sqlite3_stmt *statement, int *at, double number)
{
    if (isnan(number))
        sqlite3_bind_null(statement, (*at)++);
    else
        sqlite3_bind_double(statement, (*at)++, number);
}

static void bind_percentiles(sqlite3_stmt *statement, int *at, const sim_time *percentiles)
{
    for (int i = 0; i < TARGET_PERCENTILES; i++)
        bind(statement, at,
             percentiles[i] == SIM_NEVER ? NAN : (double)percentiles[i] / (double)SIM_MILLISECOND);
}

static void bind_target(sqlite3_stmt *statement, int *at, const struct target *target)
{
    sqlite3_bind_text(statement, (*at)++, target->scenario->name, -1, SQLITE_STATIC);
    bind(statement, at, target->requests);
}

/* Run a statement that returns no rows, and make it ready for the next values. */
static int insert(const struct database *database, sqlite3_stmt *statement, struct err *err)
{
    int got = database_step(database, statement, err);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return got;
}

static int write_function(const struct database *database, sqlite3_stmt *statement,
                          const struct target *target, struct err *err)
{
    const struct function_row *row = &target->function;
    int at = 1;
    bind_target(statement, &at, target);
    bind(statement, &at, row->cold_share);
    bind(statement, &at, row->throttled_share);
    bind(statement, &at, row->environments);
    sqlite3_bind_int64(statement, at++, (sqlite3_int64)row->most_environments);
    bind(statement, &at, row->running);
    bind_percentiles(statement, &at, row->percentiles);
    return insert(database, statement, err);
}

/* The statement has the same columns for both kinds of VMs, up to those of credits. */
static int write_fleet(const struct database *database, sqlite3_stmt *statement,
                       const struct target *target, const struct fleet_row *row, struct err *err)
{
    int at = 1;
    bind_target(statement, &at, target);
    sqlite3_bind_text(statement, at++, row->type->name, -1, SQLITE_STATIC);
    if (row->vms <= 0)
        return insert(database, statement, err);
    bind(statement, &at, row->vms);
    bind(statement, &at, row->utilisation);
    bind(statement, &at, row->shed_share);
    bind_percentiles(statement, &at, row->percentiles);
    if (!row->is_managed) {
        bind(statement, &at, row->surplus_credits);
        bind(statement, &at, row->least_credits);
    }
    return insert(database, statement, err);
}

int write_targets(const struct database *database, const struct target *targets, size_t n,
                  struct err *err)
{
    sqlite3_stmt *function = NULL, *fleet[2] = {NULL, NULL};
    int status = database_exec(database,
                               "DELETE FROM simulated_function; DELETE FROM simulated_fleet; "
                               "DELETE FROM simulated_managed; DELETE FROM simulated_hour; "
                               "DELETE FROM simulation_input",
                               err);
    if (status == 0) {
        function = database_prepare(
            database, "INSERT INTO simulated_function VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            err);
        fleet[false] =
            database_prepare(database,
                             "INSERT INTO simulated_fleet (scenario, requests, instance, vms, "
                             "utilisation, shed_share, p50_ms, p90_ms, p99_ms, p999_ms, "
                             "surplus_credits, least_credits)"
                             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             err);
        fleet[true] = database_prepare(
            database, "INSERT INTO simulated_managed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);
        status = function && fleet[0] && fleet[1] ? 0 : -1;
    }
    for (size_t i = 0; status == 0 && i < n; i++) {
        const struct target *target = &targets[i];
        if (target->has_function)
            status = write_function(database, function, target, err);
        for (size_t k = 0; status == 0 && k < target->n_fleets; k++) {
            const struct fleet_row *row = &target->fleets[k];
            status = write_fleet(database, fleet[row->is_managed], target, row, err);
        }
    }
    sqlite3_finalize(function);
    sqlite3_finalize(fleet[0]);
    sqlite3_finalize(fleet[1]);
    return status;
}

/* Add a fact of simulation_input: a number, or `text` unless it is NULL. */
static int write_fact(const struct database *database, const char *name, const char *text,
                      double number, struct err *err)
{
    sqlite3_stmt *statement =
        database_prepare(database, "INSERT INTO simulation_input VALUES (?, ?)", err);
    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    if (text)
        sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_double(statement, 2, number);
    int status = database_step(database, statement, err);
    sqlite3_finalize(statement);
    return status;
}

static int write_log(const struct database *database, const struct counts_log *log, struct err *err)
{
    struct counts counts;
    if (counts_from_log(&counts, log, 0, log->seconds, 0, err) != 0)
        return -1;
    double busiest = counts.by_second[counts_busiest(&counts)];
    double dispersion = counts_dispersion(&counts, 60), requests = (double)counts.total;
    counts_free(&counts);
    return write_fact(database, "seconds", NULL, (double)log->seconds, err) ||
                   write_fact(database, "requests", NULL, requests, err) ||
                   write_fact(database, "busiest second", NULL, busiest, err) ||
                   write_fact(database, "dispersion", NULL, dispersion, err)
               ? -1
               : 0;
}

/* Write the hours of a shape. */
static int write_hours(const struct database *database, sqlite3_stmt *statement,
                       const struct shape *shape, struct err *err)
{
    const unsigned minutes = SIM_MONTH_SECONDS / 60;
    double all = shape_sum(shape, 0, minutes);
    for (unsigned begin = 0; begin < minutes; begin += 60) {
        double busiest = 0;
        for (unsigned minute = begin; minute < begin + 60; minute++)
            busiest = fmax(busiest, shape->rate(minute));
        int at = 1;
        sqlite3_bind_text(statement, at++, shape->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, at++, begin / 60);
        bind(statement, &at, shape_sum(shape, begin, 60) / all);
        bind(statement, &at, busiest / all);
        if (insert(database, statement, err) != 0)
            return -1;
    }
    return 0;
}

/* Write the hours of each shape that a scenario has. */
static int write_shapes(const struct database *database, const struct inputs *inputs,
                        struct err *err)
{
    sqlite3_stmt *statement =
        database_prepare(database, "INSERT INTO simulated_hour VALUES (?, ?, ?, ?)", err);
    int status = statement ? 0 : -1;
    for (const struct shape *shape = shapes; status == 0 && shape->name; shape++) {
        size_t i = 0;
        while (i < inputs->n_scenarios && inputs->scenarios[i].shape != shape)
            i++;
        if (i < inputs->n_scenarios)
            status = write_hours(database, statement, shape, err);
    }
    sqlite3_finalize(statement);
    return status;
}

static void print_hash(const struct inputs *inputs, char text[HASH_SIZE])
{
    snprintf(text, HASH_SIZE, "%016" PRIx64, inputs->hash);
}

int write_inputs(const struct database *database, const struct inputs *inputs, uint64_t seed,
                 struct err *err)
{
    char hash[HASH_SIZE];
    print_hash(inputs, hash);
    if (write_fact(database, "inputs", hash, 0, err) != 0 ||
        write_fact(database, "program", VERSION, 0, err) != 0 ||
        write_fact(database, "seed", NULL, (double)seed, err) != 0 ||
        write_shapes(database, inputs, err) != 0)
        return -1;
    return inputs->log.n ? write_log(database, &inputs->log, err) : 0;
}

int write_is_done(const struct database *database, const struct inputs *inputs, bool *is_done,
                  struct err *err)
{
    char hash[HASH_SIZE];
    print_hash(inputs, hash);
    sqlite3_stmt *row = database_prepare(
        database, "SELECT 1 FROM simulation_input WHERE name = 'inputs' AND value = ?", err);
    if (!row)
        return -1;
    sqlite3_bind_text(row, 1, hash, -1, SQLITE_STATIC);
    int got = database_step(database, row, err);
    *is_done = got > 0;
    sqlite3_finalize(row);
    return got < 0 ? -1 : 0;
}
