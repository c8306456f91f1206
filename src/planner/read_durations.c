#include "planner/read_durations.h"

#include <math.h>
#include <stdlib.h>

/* A weight of 1 as a whole number. */
#define WEIGHT_ONE 1e12

/* Durations in ms with their weights. */
struct weighted {
    double *ms;
    double *weights;
    size_t n;
    double sum; /* The sum of the weights. */
};

/* Takes a row of a duration, what counts for it in the mean, and its weight. */
struct weighted_reader {
    struct weighted durations;
    double counted; /* The weighted sum of what counts. */
};

static int take_duration(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct weighted_reader *reader = arg;
    struct weighted *found = &reader->durations;
    double weight = sqlite3_column_double(row, 2);
    double *ms = rows_grow(found->ms, found->n, sizeof *ms, err);
    if (!ms)
        return -1;
    found->ms = ms;
    double *weights = rows_grow(found->weights, found->n, sizeof *weights, err);
    if (!weights)
        return -1;
    found->weights = weights;
    ms[found->n] = sqlite3_column_double(row, 0);
    weights[found->n++] = weight;
    found->sum += weight;
    reader->counted += weight * sqlite3_column_double(row, 1);
    return 0;
}

static sim_time from_ms(double ms)
{
    return ms > 0 ? (sim_time)(ms * (double)SIM_MILLISECOND + 0.5) : 0;
}

/* Make a distribution of durations, each of them `factor` times as long, plus `more_ms`. */
static int measure(struct durations *durations, const struct weighted *found, double factor,
                   double more_ms, struct err *err)
{
    sim_time *values = calloc(found->n, sizeof *values);
    uint64_t *weights = calloc(found->n, sizeof *weights);
    int status = values && weights ? 0 : err_errno(err, "cannot keep %zu durations", found->n);
    for (size_t i = 0; status == 0 && i < found->n; i++) {
        values[i] = from_ms(found->ms[i] * factor + more_ms);
        weights[i] = (uint64_t)(found->weights[i] / found->sum * WEIGHT_ONE) + 1;
    }
    if (status == 0)
        status = durations_measure(durations, values, weights, found->n, err);
    free(values);
    free(weights);
    return status;
}

/*
 * Read durations whose mean is to be `mean_ms`. The columns of the query are a duration, what counts for it in the mean, and the weight. Where the
 * mean is longer than the measured one, each takes so much longer, as if there were a fixed part that was not measured, or
 * `scales` times as long; where it is shorter, each is shortened in proportion.
 */
static int read_one(const struct rows_reader *reader, const char *sql, double number,
                    double mean_ms, bool scales, struct durations *durations, struct err *err)
{
    struct weighted_reader found = {0};
    int status = rows_read(reader, sql, number, take_duration, &found, err);
    if (status == 0 && found.durations.sum > 0) {
        double counted = found.counted / found.durations.sum;
        bool is_scaled = (scales || mean_ms < counted) && counted > 0;
        status = measure(durations, &found.durations, is_scaled ? mean_ms / counted : 1,
                         is_scaled ? 0 : mean_ms - counted, err);
    } else if (status == 0) {
        *durations = (struct durations){.mean = mean_ms * (double)SIM_MILLISECOND};
    }
    free(found.durations.ms);
    free(found.durations.weights);
    return status;
}

int read_durations(const struct rows_reader *reader, const struct request_means *means,
                   struct durations *durations, struct err *err)
{
    static const char warm[] =
        "SELECT duration_ms, billed_ms, weight FROM warm_duration WHERE memory_mb = coalesce("
        "(SELECT max(memory_mb) FROM warm_duration WHERE memory_mb <= ?1),"
        "(SELECT min(memory_mb) FROM warm_duration))";
    static const char first[] = "SELECT duration_ms, ?1, 1 FROM cold_start";
    static const char init[] = "SELECT init_ms, ceil(init_ms), 1 FROM cold_start";
    static const char vm[] =
        "SELECT cpu_ms, cpu_ms, weight FROM service_duration WHERE side = 'vm'";
    static const char managed[] =
        "SELECT cpu_ms, cpu_ms, weight FROM service_duration WHERE side = 'lambda'";
    if (read_one(reader, warm, means->memory_mb, means->billed_ms, false, &durations[DURATION_WARM],
                 err) ||
        read_one(reader, init, 0, means->init_ms, false, &durations[DURATION_INIT], err) ||
        read_one(reader, vm, 0, means->vm_ms, true, &durations[DURATION_VM], err) ||
        read_one(reader, managed, 0, means->managed_ms, true, &durations[DURATION_MANAGED], err))
        return -1;
    return read_one(reader, first, means->billed_ms, means->billed_ms, false,
                    &durations[DURATION_FIRST], err);
}
