#include "planner/fleet_cases.h"

#include "planner/autoscale.h"
#include "planner/percentiles.h"
#include "planner/sample.h"

#include <math.h>
#include <stdlib.h>

/* The requests that a VM has at once: limit_conn of serverful_all in nginx/serverful.conf. */
#define VM_CONNECTIONS 256

/* The most requests of a month that are simulated, once the size of a fleet is known. */
#define BUDGET 500000

/* The least utilisation that autoscaling keeps. */
#define LEAST_TARGET 0.01

static void add_use(struct fleet_cases *cases, struct target *target, const struct vm_type *type,
                    bool is_managed)
{
    const struct scenario *scenario = target->scenario;
    const struct durations *service =
        scenario->durations[is_managed ? DURATION_MANAGED : DURATION_VM];
    double at_once = is_managed ? scenario->concurrency * type->vcpus : VM_CONNECTIONS;
    if (service->mean <= 0 || (!is_managed && type->memory_mb < scenario->used_mb))
        return;
    cases->uses[cases->n_uses++] = (struct fleet_use){
        .target = target,
        .row = {.type = type, .is_managed = is_managed, .least_credits = NAN},
        .config = {.service = service,
                   .cores = type->vcpus,
                   .waiting = at_once > type->vcpus ? (uint64_t)at_once - type->vcpus : 0,
                   .in_time = scenario->in_time},
    };
}

int fleet_cases_start(struct fleet_cases *cases, const struct inputs *inputs,
                      struct target *targets, size_t n, struct err *err)
{
    size_t most = n * (inputs->n_types + 1);
    *cases = (struct fleet_cases){.inputs = inputs,
                                  .uses = calloc(most, sizeof *cases->uses),
                                  .busiest = calloc(most, sizeof *cases->busiest),
                                  .credits = calloc(most, sizeof *cases->credits),
                                  .fleets = calloc(most, sizeof *cases->fleets)};
    if (!cases->uses || !cases->busiest || !cases->credits || !cases->fleets)
        return err_errno(err, "cannot simulate %zu fleets", most);
    for (size_t i = 0; i < n; i++) {
        targets[i].fleets = calloc(inputs->n_types + 1, sizeof *targets[i].fleets);
        if (!targets[i].fleets)
            return err_errno(err, "cannot simulate %zu fleets", most);
        const struct vm_type *managed = inputs_find_type(inputs, targets[i].scenario->managed_type);
        for (size_t k = 0; k < inputs->n_types; k++)
            add_use(cases, &targets[i], &inputs->types[k], false);
        add_use(cases, &targets[i], managed, true);
    }
    return 0;
}

static bool are_same(const struct busiest_config *a, const struct busiest_config *b)
{
    return a->service == b->service && a->cores == b->cores && a->waiting == b->waiting &&
           a->in_time == b->in_time;
}

/* Find the machines for the busiest minutes, perhaps those of another use. */
static int size_for_busiest(struct fleet_cases *cases, const struct counts *month, uint64_t seed,
                            struct fleet_use *use, struct err *err)
{
    const struct busiest_config *config = &use->config;
    size_t i = 0;
    while (i < cases->n_busiest && !are_same(&cases->busiest[i].config, config))
        i++;
    struct busiest_case *one = &cases->busiest[i];
    if (i == cases->n_busiest) {
        one->config = *config;
        if (busiest_machines(config, month, seed, &one->size, err) != 0)
            return -1;
        cases->n_busiest++;
    }
    use->row.vms = one->size.machines;
    use->parts = one->size.parts;
    return 0;
}

/* Return the machines that do not run out of credits, perhaps those of another use. */
static double size_for_credits(struct fleet_cases *cases, const struct durations *service,
                               const struct burstable *type, const struct minutes *minutes)
{
    size_t i = 0;
    for (; i < cases->n_credits; i++) {
        const struct credits_case *one = &cases->credits[i];
        if (one->service == service && one->type.vcpus == type->vcpus &&
            one->type.baseline <= type->baseline && one->type.baseline >= type->baseline)
            return one->machines;
    }
    cases->credits[cases->n_credits++] =
        (struct credits_case){service, *type, month_credits_machines(type, minutes, 1)};
    return cases->credits[i].machines;
}

/* Find the case of a fleet of a size, or add it. */
static size_t find_fleet(struct fleet_cases *cases, const struct fleet_use *use, sim_time loss)
{
    size_t i = 0;
    for (; i < cases->n_fleets; i++) {
        const struct fleet_case *one = &cases->fleets[i];
        if (are_same(&one->config, &use->config) && one->loss == loss &&
            one->machines <= use->paid && one->machines >= use->paid)
            return i;
    }
    cases->fleets[cases->n_fleets++] = (struct fleet_case){
        .config = use->config, .machines = use->paid, .parts = use->parts, .loss = loss};
    return i;
}

/* Find the credits of a fleet, and more machines where it would run out of them. */
static void size_credits(struct fleet_cases *cases, struct fleet_use *use,
                         const struct minutes *minutes, double months)
{
    const struct scenario *scenario = use->target->scenario;
    const struct burstable type = {use->row.type->vcpus, use->row.type->baseline};
    if (!scenario->surplus_credits)
        use->row.vms =
            fmax(use->row.vms, size_for_credits(cases, use->config.service, &type, minutes));
    use->paid = fmax(use->row.vms + scenario->spare, scenario->least);
    struct month_credits credits =
        month_credits_of(&type, scenario->surplus_credits, minutes, use->paid);
    use->row.surplus_credits = credits.billed * use->paid / months;
    use->row.least_credits = credits.least;
}

/* Let the number of VMs follow the load: those that were found hold the busiest minutes. Burstable ones without surplus credits stay within
 * their baseline, since new ones have no credits. The fleet that is simulated is that of the busiest
 * time, which autoscaling only changes before and after it. */
static void follow_load(struct fleet_use *use, const struct minutes *minutes,
                        const struct counts *month)
{
    const struct scenario *scenario = use->target->scenario;
    double target = scenario->surplus_credits ? scenario->target
                                              : fmin(scenario->target, use->row.type->baseline);
    const struct autoscale_config config = {
        .vcpus = use->row.type->vcpus,
        .target = fmax(target, LEAST_TARGET),
        .boot_minutes = (size_t)ceil(scenario->boot_s / 60),
        .least = 1,
        .most_work = busiest_work(&use->config, month) / use->row.vms,
    };
    use->row.vms = autoscale_mean(&config, minutes, use->row.vms);
}

static int size_use(struct fleet_cases *cases, struct fleet_use *use, const struct counts *month,
                    const uint32_t *by_minute, uint64_t seed, struct err *err)
{
    const struct scenario *scenario = use->target->scenario;
    const struct minutes minutes = {by_minute, (month->seconds + 59) / 60,
                                    use->config.service->mean / (double)SIM_SECOND};
    bool is_managed = use->row.is_managed;
    if (size_for_busiest(cases, month, seed, use, err) != 0)
        return -1;
    if (use->row.vms <= 0)
        return 0;
    use->paid = is_managed ? fmax(use->row.vms, scenario->least_managed)
                           : fmax(use->row.vms + scenario->spare, scenario->least);
    if (!is_managed && use->row.type->baseline < 1)
        size_credits(cases, use, &minutes, (double)month->seconds / SIM_MONTH_SECONDS);
    if (!is_managed && scenario->autoscaling)
        follow_load(use, &minutes, month);
    use->fleet = find_fleet(cases, use, is_managed ? 0 : scenario->loss);
    return 0;
}

int fleet_cases_size(struct fleet_cases *cases, const struct counts *month, uint64_t seed,
                     struct err *err)
{
    uint32_t *by_minute = minutes_of(month, err);
    int status = by_minute ? 0 : -1;
    for (size_t i = 0; status == 0 && i < cases->n_uses; i++)
        status = size_use(cases, &cases->uses[i], month, by_minute, seed, err);
    free(by_minute);
    return status;
}

/* Return the machines of one part of a fleet. */
static unsigned simulated_machines(const struct fleet_case *one)
{
    return (unsigned)fmin(ceil(one->machines / (double)one->parts), FLEET_MOST_MACHINES);
}

/* Simulate a part of the month. */
static int run_piece(struct fleet_case *one, const struct fleet_config *config,
                     const struct sample_piece *piece, const struct counts *month, uint64_t seed,
                     struct err *err)
{
    struct counts view = sample_view(month, piece->begin, piece->seconds);
    struct fleet_result *part = calloc(1, sizeof *part);
    if (!part)
        return err_errno(err, "cannot simulate %u machines", config->machines);
    int status = fleet_run(config, &view, seed + piece->begin, part, err);
    if (status == 0)
        fleet_merge(&one->result, part, piece->weight);
    free(part);
    return status;
}

/* Simulate the parts of a month that are in the sample. */
static int run_sample(struct fleet_case *one, const struct sample *sample,
                      const struct counts *month, uint64_t seed, struct err *err)
{
    unsigned machines = simulated_machines(one);
    struct fleet_config config = {
        .machine = {.cores = one->config.cores, .waiting = one->config.waiting},
        .service = one->config.service,
        .machines = machines,
        .most = machines,
        .loss = one->loss,
    };
    for (size_t i = 0; i < sample->n; i++) {
        if (run_piece(one, &config, &sample->pieces[i], month, seed, err) != 0)
            return -1;
        config.loss = 0; /* The busiest time comes first. */
    }
    return 0;
}

/* Simulate a part of a fleet with its share of the requests. */
static int run_share(struct fleet_case *one, const struct counts *month, uint64_t seed,
                     struct err *err)
{
    struct counts share;
    struct sample sample;
    if (sample_share(&share, month, one->parts, err) != 0)
        return -1;
    int status = sample_choose(&sample, &share, BUDGET, 0, err);
    if (status == 0)
        status = run_sample(one, &sample, &share, seed, err);
    sample_free(&sample);
    counts_free(&share);
    return status;
}

int fleet_cases_run(struct fleet_cases *cases, const struct counts *month, uint64_t seed,
                    struct err *err)
{
    struct sample sample;
    cases->seconds += SAMPLE_WEIGHT * (double)month->seconds;
    int status = sample_choose(&sample, month, BUDGET, 0, err);
    for (size_t i = 0; status == 0 && i < cases->n_fleets; i++) {
        struct fleet_case *one = &cases->fleets[i];
        status = one->parts > 1 ? run_share(one, month, seed, err)
                                : run_sample(one, &sample, month, seed, err);
    }
    sample_free(&sample);
    return status;
}

static void fill_row(struct fleet_row *row, const struct fleet_case *one, double seconds)
{
    const struct fleet_result *result = &one->result;
    uint64_t failures = fleet_failures(result);
    row->utilisation =
        result->report.busy_s / (seconds * one->config.cores * simulated_machines(one));
    row->shed_share = result->requests ? (double)failures / (double)result->requests : 0;
    percentiles_of(&result->report.latency, failures, row->percentiles);
}

void fleet_cases_finish(struct fleet_cases *cases)
{
    for (size_t i = 0; i < cases->n_uses; i++) {
        struct fleet_use *use = &cases->uses[i];
        if (use->row.vms > 0)
            fill_row(&use->row, &cases->fleets[use->fleet], cases->seconds);
        use->target->fleets[use->target->n_fleets++] = use->row;
    }
}

void fleet_cases_free(struct fleet_cases *cases)
{
    free(cases->uses);
    free(cases->busiest);
    free(cases->credits);
    free(cases->fleets);
}
