#include "planner/function_cases.h"

#include "planner/percentiles.h"
#include "planner/sample.h"

#include <math.h>
#include <stdlib.h>

/* The most requests of a month that are simulated. */
#define BUDGET 4000000

/* The longest warm-up, in seconds. */
#define MOST_WARM_UP 3600

/* AWS lets a function add so many environments at once, and a tenth of them each second. */
#define GROWTH_AT_ONCE 1000
#define GROWTH         100

static struct function_config config_of(const struct inputs *inputs,
                                        const struct scenario *scenario)
{
    uint32_t quota = (uint32_t)fmin(fmax(inputs->quota, 1), UINT32_MAX);
    return (struct function_config){
        .warm = scenario->durations[DURATION_WARM],
        .first = scenario->durations[DURATION_FIRST],
        .init = scenario->durations[DURATION_INIT],
        .placement = scenario->placement,
        .reuse = scenario->reuse,
        .idle_life = scenario->idle_life,
        .max_age = scenario->max_age,
        .quota = quota > scenario->provisioned ? quota : scenario->provisioned,
        .provisioned = scenario->provisioned,
        .growth = GROWTH,
        .growth_at_once = GROWTH_AT_ONCE,
        .request_rate = inputs->request_rate,
    };
}

static bool are_same(const struct function_config *a, const struct function_config *b)
{
    return a->warm == b->warm && a->first == b->first && a->init == b->init &&
           a->placement == b->placement && a->reuse == b->reuse && a->idle_life == b->idle_life &&
           a->max_age == b->max_age && a->provisioned == b->provisioned;
}

int function_cases_start(struct function_cases *cases, const struct inputs *inputs,
                         struct target *targets, size_t n, struct err *err)
{
    *cases = (struct function_cases){.targets = targets,
                                     .n_targets = n,
                                     .of = calloc(n, sizeof *cases->of),
                                     .cases = calloc(n, sizeof *cases->cases),
                                     .part = calloc(1, sizeof *cases->part)};
    if (!cases->of || !cases->cases || !cases->part)
        return err_errno(err, "cannot simulate %zu functions", n);
    for (size_t i = 0; i < n; i++) {
        struct function_config config = config_of(inputs, targets[i].scenario);
        size_t k = 0;
        while (k < cases->n && !are_same(&cases->cases[k].config, &config))
            k++;
        if (k == cases->n)
            cases->cases[cases->n++].config = config;
        cases->of[i] = k;
    }
    return 0;
}

/* Return the environments that the begin of a warm-up most probably has: those that its requests need at once. Otherwise many would
 * start at once. */
static uint32_t initial_of(const struct function_config *config, const struct counts *counts,
                           size_t warm_up)
{
    if (warm_up == 0)
        return 0;
    double requests = (double)sample_view(counts, 0, warm_up).total;
    double at_once = requests / (double)warm_up * config->warm->mean / (double)SIM_SECOND;
    return (uint32_t)fmin(floor(at_once + 3 * sqrt(at_once)), config->quota);
}

/* Simulate a part of the month. */
static int run_piece(struct function_cases *cases, struct function_case *one,
                     const struct sample_piece *piece, const struct counts *month, uint64_t seed,
                     struct err *err)
{
    struct counts view = sample_view(month, piece->begin, piece->warm_up + piece->seconds);
    struct function_config config = one->config;
    config.warm_up = piece->warm_up * SIM_SECOND;
    config.initial = initial_of(&config, &view, piece->warm_up);
    *cases->part = (struct function_result){0};
    if (function_run(&config, &view, seed + piece->begin, cases->part, err) != 0)
        return -1;
    function_merge(&one->result, cases->part, piece->weight);
    return 0;
}

int function_cases_run(struct function_cases *cases, const struct counts *month, uint64_t seed,
                       struct err *err)
{
    cases->seconds += SAMPLE_WEIGHT * (double)month->seconds;
    for (size_t i = 0; i < cases->n; i++) {
        struct function_case *one = &cases->cases[i];
        sim_time warm_up = one->config.idle_life / SIM_SECOND + 1;
        struct sample sample;
        int status = sample_choose(&sample, month, BUDGET,
                                   warm_up < MOST_WARM_UP ? (size_t)warm_up : MOST_WARM_UP, err);
        for (size_t k = 0; status == 0 && k < sample.n; k++)
            status = run_piece(cases, one, &sample.pieces[k], month, seed, err);
        sample_free(&sample);
        if (status != 0)
            return -1;
    }
    return 0;
}

void function_cases_finish(struct function_cases *cases)
{
    for (size_t i = 0; i < cases->n_targets; i++) {
        const struct function_result *result = &cases->cases[cases->of[i]].result;
        struct target *target = &cases->targets[i];
        uint64_t throttled = function_throttled(result);
        target->has_function = result->requests > 0;
        if (!target->has_function)
            continue;
        target->function = (struct function_row){
            .cold_share = (double)result->cold / (double)result->requests,
            .throttled_share = (double)throttled / (double)result->requests,
            .environments = result->alive_s / cases->seconds,
            .running = result->running_s / cases->seconds,
            .most_environments = result->most_environments,
        };
        percentiles_of(&result->latency, throttled, target->function.percentiles);
    }
}

void function_cases_free(struct function_cases *cases)
{
    free(cases->of);
    free(cases->cases);
    free(cases->part);
}
