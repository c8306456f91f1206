#include "simulator/function.h"

#include "simulator/bucket.h"
#include "simulator/request_times.h"

/* In place of an environment's number: it is provisioned. */
#define PROVISIONED UINT64_MAX

/* A run of the simulation. */
struct function_run {
    const struct function_config *config;
    struct function_result *result;
    struct environments idle;
    struct heap running; /* By the end of its request, each environment's creation and number. */
    struct bucket growth, rate;
    uint32_t provisioned_running;
    uint64_t created;  /* The number of environments created so far. */
    sim_time counting; /* When counting begins; SIM_NEVER: it has begun. */
    sim_time end;      /* The end of the simulated time. */
    struct rng rng;
};

/* Let the requests end that end by `now`; their environments become idle. */
static int end_requests(struct function_run *run, sim_time now, struct err *err)
{
    while (run->running.n > 0 && run->running.items[0].key <= now) {
        struct heap_item item = heap_pop(&run->running);
        struct environment environment = {
            .used = item.key, .created = item.values[0], .number = item.values[1]};
        if (environment.number == PROVISIONED)
            run->provisioned_running--;
        else if (environments_add(&run->idle, environment, err) != 0)
            return -1;
    }
    return 0;
}

static sim_time later(sim_time a, sim_time b)
{
    return a > b ? a : b;
}

/* Return the part of a time that is simulated. */
static double seconds_until_end(const struct function_run *run, sim_time begin, sim_time end)
{
    if (end > run->end)
        end = run->end;
    return begin < end ? sim_seconds(end - begin) : 0;
}

/* Run a request in an environment from `begin` for `duration`. It arrived at `arrival`. */
static int run_request(struct function_run *run, const struct environment *environment,
                       sim_time arrival, sim_time begin, sim_time duration, struct err *err)
{
    struct function_result *result = run->result;
    uint64_t billed_ms = (duration + SIM_MILLISECOND - 1) / SIM_MILLISECOND;
    if (environment->number == PROVISIONED) {
        result->provisioned++;
        result->billed_provisioned_ms += billed_ms;
    } else {
        result->billed_ms += billed_ms;
    }
    result->running_s += seconds_until_end(run, begin, begin + duration);
    latencies_add(&result->latency, begin - arrival + duration + run->config->round_trip);
    return heap_push(
        &run->running,
        (struct heap_item){begin + duration, {environment->created, environment->number}}, err);
}

/* Start an environment for a request. */
static int run_cold(struct function_run *run, sim_time now, struct err *err)
{
    const struct function_config *config = run->config;
    sim_time begin = now + config->placement;
    sim_time duration = durations_draw(config->init, &run->rng);
    duration += durations_draw(config->first, &run->rng);
    run->result->cold++;
    if (run_request(run, &(struct environment){.number = run->created++, .created = begin}, now,
                    begin, duration, err) != 0)
        return -1;
    /* None is idle now: all environments run, except provisioned ones. */
    uint64_t all = run->running.n - run->provisioned_running + config->provisioned;
    if (all > run->result->most_environments)
        run->result->most_environments = all;
    return 0;
}

static int run_warm(struct function_run *run, const struct environment *environment, sim_time now,
                    struct err *err)
{
    return run_request(run, environment, now, now, durations_draw(run->config->warm, &run->rng),
                       err);
}

/* Answer a request, or throttle it. */
static int take_request(struct function_run *run, sim_time now, struct err *err)
{
    const struct function_config *config = run->config;
    struct environment environment = {.number = PROVISIONED};
    if (!bucket_take(&run->rate, now)) {
        run->result->throttled_by_rate++;
        return 0;
    }
    if (run->provisioned_running < config->provisioned) {
        run->provisioned_running++;
        return run_warm(run, &environment, now, err);
    }
    if (run->running.n >= config->quota) {
        run->result->throttled_by_quota++;
        return 0;
    }
    if (environments_take(&run->idle, now, &environment))
        return run_warm(run, &environment, now, err);
    if (!bucket_take(&run->growth, now)) {
        run->result->throttled_by_growth++;
        return 0;
    }
    return run_cold(run, now, err);
}

/* End the warm-up: forget what was counted. */
static void begin_counting(struct function_run *run)
{
    *run->result = (struct function_result){
        .most_environments = run->running.n - run->provisioned_running + run->config->provisioned +
                             environments_count(&run->idle, run->counting)};
    run->counting = SIM_NEVER;
}

static int take_requests(struct function_run *run, struct request_times *times, struct err *err)
{
    for (sim_time now; request_times_next(times, &now);) {
        if (now >= run->counting)
            begin_counting(run);
        run->result->requests++;
        if (end_requests(run, now, err) != 0 || take_request(run, now, err) != 0)
            return -1;
    }
    if (run->counting < run->end)
        begin_counting(run);
    return end_requests(run, run->end, err);
}

/* Count the environments that are left at the end. */
static void count_environments(struct function_run *run)
{
    struct function_result *result = run->result;
    environments_end(&run->idle, run->end);
    result->seconds = sim_seconds(run->end - run->config->warm_up);
    result->alive_s = run->idle.alive_s + run->config->provisioned * result->seconds;
    for (size_t i = 0; i < run->running.n; i++)
        if (run->running.items[i].values[1] != PROVISIONED)
            result->alive_s += seconds_until_end(
                run, later(run->running.items[i].values[0], run->config->warm_up), run->end);
    heap_free(&run->running);
}

int function_run(const struct function_config *config, const struct counts *counts, uint64_t seed,
                 struct function_result *result, struct err *err)
{
    if (config->provisioned > config->quota)
        return err_set(err, "cannot provision %u environments of a quota of %u: raise the quota",
                       config->provisioned, config->quota);
    if (config->warm_up >= counts->seconds * SIM_SECOND)
        return err_set(err, "cannot simulate a warm-up of %g s in %zu s: take a shorter one",
                       sim_seconds(config->warm_up), counts->seconds);
    struct function_run run = {
        .config = config,
        .result = result,
        .idle = {.order = config->reuse,
                 .idle_life = config->idle_life,
                 .max_age = config->max_age,
                 .counted_from = config->warm_up},
        .growth = bucket_full(config->growth, config->growth_at_once),
        .rate = bucket_full(config->request_rate, fmax(config->request_rate, 1)),
        .counting = config->warm_up > 0 ? config->warm_up : SIM_NEVER,
        .end = counts->seconds * SIM_SECOND,
    };
    struct request_times times;
    rng_start(&run.rng, seed, RNG_LAMBDA, 0);
    request_times_start(&times, counts, seed);
    result->most_environments = config->provisioned + config->initial;
    int status = 0;
    while (status == 0 && run.created < config->initial)
        status = environments_add(&run.idle, (struct environment){.number = run.created++}, err);
    if (status == 0)
        status = take_requests(&run, &times, err);
    count_environments(&run);
    return status;
}

void function_merge(struct function_result *result, const struct function_result *other,
                    uint64_t times)
{
    double all = (double)times;
    result->seconds += all * other->seconds;
    result->requests += times * other->requests;
    result->cold += times * other->cold;
    result->provisioned += times * other->provisioned;
    result->throttled_by_quota += times * other->throttled_by_quota;
    result->throttled_by_growth += times * other->throttled_by_growth;
    result->throttled_by_rate += times * other->throttled_by_rate;
    result->billed_ms += times * other->billed_ms;
    result->billed_provisioned_ms += times * other->billed_provisioned_ms;
    result->alive_s += all * other->alive_s;
    result->running_s += all * other->running_s;
    if (other->most_environments > result->most_environments)
        result->most_environments = other->most_environments;
    latencies_merge(&result->latency, &other->latency, times);
}

uint64_t function_throttled(const struct function_result *result)
{
    return result->throttled_by_quota + result->throttled_by_growth + result->throttled_by_rate;
}
