/* The parts of the planner by themselves: samples of a month, credits over a month, the machines for the busiest minutes. */
#include "planner/autoscale.h"
#include "planner/busiest.h"
#include "planner/month_credits.h"
#include "planner/sample.h"
#include "simulator/counts_shape.h"
#include "simulator/function.h"

#include "tap.h"

#include <math.h>

static struct err err;

static int is_near(double found, double wanted, double share)
{
    if (fabs(found - wanted) <= share * fabs(wanted))
        return 1;
    fprintf(stderr, "#      got: %g\n# expected: %g\n", found, wanted);
    return 0;
}

static struct counts month_of(const char *shape, double volume)
{
    struct counts counts = {0};
    ok(counts_from_shape(&counts, shape_find(shape), volume, SIM_MONTH_SECONDS, 1, &err) == 0,
       "a month of %s has counts", shape);
    return counts;
}

/* Return the weighted sum of the requests in all pieces, of those seconds that have at least `least` requests. */
static double weighted(const struct sample *sample, const struct counts *counts, uint32_t least)
{
    double sum = 0;
    for (size_t i = 0; i < sample->n; i++) {
        const struct sample_piece *piece = &sample->pieces[i];
        size_t begin = piece->begin + piece->warm_up;
        for (size_t second = begin; second < begin + piece->seconds; second++)
            if (counts->by_second[second] >= least)
                sum += (double)piece->weight / SAMPLE_WEIGHT * counts->by_second[second];
    }
    return sum;
}

static void test_sample(const char *shape, double volume, uint32_t busy)
{
    struct counts counts = month_of(shape, volume);
    struct sample sample;
    double requests = 0, all = 0;
    ok(sample_choose(&sample, &counts, 400000, 300, &err) == 0, "%s: a sample", shape);
    for (size_t i = 0; i < sample.n; i++)
        requests += (double)sample_view(&counts, sample.pieces[i].begin,
                                        sample.pieces[i].warm_up + sample.pieces[i].seconds)
                        .total;
    for (size_t second = 0; second < counts.seconds; second++)
        all += counts.by_second[second] >= busy ? counts.by_second[second] : 0;
    ok(requests < 1000000, "%s: a sample has about as many requests as the budget", shape);
    ok(is_near(weighted(&sample, &counts, 0), (double)counts.total, 0.01),
       "%s: the pieces together stand for all requests", shape);
    ok(is_near(weighted(&sample, &counts, busy), all, 0.1),
       "%s: the busiest seconds have the weight of their requests", shape);
    sample_free(&sample);
    counts_free(&counts);
}

static void test_whole(void)
{
    struct counts counts = month_of("steady", 1e5);
    struct sample sample;
    ok(sample_choose(&sample, &counts, 400000, 300, &err) == 0 && sample.n == 1 &&
           sample.pieces[0].seconds == SIM_MONTH_SECONDS && sample.pieces[0].warm_up == 0 &&
           sample.pieces[0].weight == SAMPLE_WEIGHT,
       "a month of few requests is simulated as a whole");
    sample_free(&sample);
    struct counts share;
    ok(sample_share(&share, &counts, 7, &err) == 0 && share.total == counts.total / 7,
       "a seventh of a fleet gets each seventh request");
    counts_free(&share);
    counts_free(&counts);
}

/* 30 days with 18 hours of rest and 6 hours in which 0.4 vCPUs are at work. */
static void test_credits(void)
{
    static uint32_t requests[30 * 1440];
    const struct burstable type = {.vcpus = 2, .baseline = 0.1};
    const struct minutes minutes = {requests, sizeof requests / sizeof *requests, 0.4 * 60};
    for (size_t i = 0; i < minutes.n; i++)
        requests[i] = i % 1440 >= 1080;
    ok(is_near(month_credits_of(&type, false, &minutes, 1).least, 216, 0.001),
       "6 hours at twice the baseline use a quarter of the credits that a machine keeps");
    ok(month_credits_machines(&type, &minutes, 1) == 1, "one machine does not run dry");
    ok(month_credits_machines(&type, &minutes, 3) == 3,
       "at least as many machines as are needed otherwise");
    for (size_t i = 0; i < minutes.n; i++)
        requests[i] = 1;
    ok(month_credits_machines(&type, &minutes, 1) == 3,
       "all day at twice the baseline takes three machines, since two earn just what they spend");
    struct month_credits unlimited = month_credits_of(&type, true, &minutes, 1);
    ok(is_near(unlimited.billed, 0.2 * (double)minutes.n, 0.001),
       "an unlimited machine pays for all above its baseline, in a month that follows one like it");
    ok(is_near(unlimited.least, -288, 0.001), "and owes the credits of a day");
}

/* 100 requests a second for five minutes on machines with one core, after a quiet time. */
static void test_busiest(void)
{
    static uint32_t by_second[7200];
    struct counts counts = {.by_second = by_second,
                            .seconds = sizeof by_second / sizeof *by_second};
    struct durations service = {.mean = 50 * (double)SIM_MILLISECOND};
    struct busiest_config config = {
        .service = &service, .cores = 1, .waiting = 1000, .in_time = 100 * SIM_MILLISECOND};
    struct busiest_size size;
    for (size_t i = 0; i < counts.seconds; i++)
        counts.total += by_second[i] = i >= 3000 && i < 3300 ? 100 : 1;
    ok(busiest_machines(&config, &counts, 1, &size, &err) == 0 && size.machines >= 6 &&
           size.machines <= 8 && size.parts == 1,
       "100 requests a second of 50 ms need a bit more than 5 cores");
    by_second[6000] = 100;
    struct busiest_size burst;
    ok(busiest_machines(&config, &counts, 1, &burst, &err) == 0 && burst.machines == size.machines,
       "a burst of a second elsewhere needs no more where it is as busy");
    by_second[6000] = 1000;
    ok(busiest_machines(&config, &counts, 1, &burst, &err) == 0 &&
           burst.machines > 6 * size.machines,
       "a burst of a second that is ten times as busy does");
    by_second[6000] = 1;
    service.mean = 2000 * (double)SIM_MILLISECOND;
    ok(busiest_machines(&config, &counts, 1, &size, &err) == 0 && size.machines == 0,
       "no number of machines answers in time what takes longer");
    config.in_time = 10 * SIM_SECOND;
    for (size_t i = 0; i < counts.seconds; i++)
        by_second[i] *= 1000;
    ok(busiest_machines(&config, &counts, 1, &size, &err) == 0 && size.parts > 1 &&
           is_near(size.machines, 200000 / 1.03, 0.03),
       "of a fleet of 200,000 machines, a part is simulated");
}

/* Days with a half that one machine holds, and one that ten hold; a machine holds 50 s of work a minute. */
static void test_autoscale(void)
{
    static uint32_t requests[30 * 1440];
    const struct minutes minutes = {requests, sizeof requests / sizeof *requests, 1};
    struct autoscale_config config = {
        .vcpus = 1, .target = 0.5, .boot_minutes = 2, .least = 1, .most_work = 50};
    for (size_t i = 0; i < minutes.n; i++)
        requests[i] = i % 1440 >= 720 ? 300 : 25;
    ok(is_near(autoscale_mean(&config, &minutes, 10), 0.5 * 10 + 0.5, 0.05),
       "machines follow the load: ten for half of the day, and one otherwise");
    config.boot_minutes = 30;
    double slow = autoscale_mean(&config, &minutes, 10);
    ok(slow > 7,
       "where their boot takes half an hour, most of the machines have to be there before");
    for (size_t i = 0; i < minutes.n; i++)
        requests[i] = 300;
    ok(is_near(autoscale_mean(&config, &minutes, 10), 10, 0.01),
       "a steady load has a fixed number of machines");
}

static void test_warm_up(void)
{
    static uint32_t by_second[2000];
    static struct function_result result;
    struct counts counts = {.by_second = by_second, .seconds = 2000, .total = 2000};
    const struct durations warm = {.mean = (double)SIM_MILLISECOND};
    struct function_config config = {.warm = &warm,
                                     .first = &warm,
                                     .init = &warm,
                                     .reuse = REUSE_MOST_RECENT,
                                     .idle_life = 300 * SIM_SECOND,
                                     .max_age = SIM_NEVER,
                                     .quota = 1000,
                                     .growth_at_once = 1,
                                     .warm_up = 500 * SIM_SECOND};
    for (size_t i = 0; i < counts.seconds; i++)
        by_second[i] = 1;
    ok(function_run(&config, &counts, 1, &result, &err) == 0 && result.requests == 1500 &&
           result.cold == 0 && result.most_environments == 1,
       "the requests of a warm-up do not count, and its environment is there after it");
    ok(is_near(result.alive_s, 1500, 0.01) && is_near(result.seconds, 1500, 0.001),
       "nor does the time of the warm-up");
    config.warm_up = 0;
    config.initial = 3;
    result = (struct function_result){0};
    ok(function_run(&config, &counts, 1, &result, &err) == 0 && result.cold == 0 &&
           result.most_environments == 3 && is_near(result.alive_s, 2000 + 2 * 300, 0.01),
       "the environments of the begin answer without a cold start, and those that are not used "
       "end");
    config.warm_up = 2000 * SIM_SECOND;
    ok(function_run(&config, &counts, 1, &result, &err) == -1,
       "a warm-up that leaves no time is refused");
}

int main(void)
{
    tap_plan(31);
    test_sample("shop-sale", 2e7, 40);
    test_sample("hourly-job", 1e8, 1500);
    test_whole();
    test_credits();
    test_busiest();
    test_autoscale();
    test_warm_up();
    return tap_done();
}
