#include "planner/targets.h"

#include "planner/volume.h"
#include "simulator/jobs.h"

#include <math.h>
#include <stdlib.h>

/* Targets that are simulated together. */
struct group {
    struct target *first;
    size_t n;
    int status;
    struct err err;
};

/* What the jobs share. */
struct work {
    const struct inputs *inputs;
    uint64_t seed;
    struct group *groups;
    size_t n;
};

/* Return the requests of a target that no cache answers. */
static double volume_of(const struct target *target)
{
    return target->requests * target->scenario->origin;
}

/* Compare targets by volume, the largest first, then by traffic. */
static int compare(const void *a, const void *b)
{
    const struct target *one = a, *other = b;
    double volume = volume_of(one), other_volume = volume_of(other);
    if (volume > other_volume || volume < other_volume)
        return volume > other_volume ? -1 : 1;
    const struct shape *shape = one->scenario->shape, *other_shape = other->scenario->shape;
    if (shape != other_shape)
        return !shape || (other_shape && shape < other_shape) ? -1 : 1;
    return one->scenario < other->scenario ? -1 : one->scenario > other->scenario;
}

static void add(struct targets *targets, const struct scenario *scenario, double requests)
{
    struct target target = {.scenario = scenario, .requests = requests};
    if (volume_of(&target) >= TARGETS_FEWEST && volume_of(&target) <= TARGETS_MOST)
        targets->targets[targets->n++] = target;
}

int targets_make(struct targets *targets, const struct inputs *inputs, struct err *err)
{
    enum { STEPS = TARGETS_DECADES * TARGETS_A_DECADE + 1 };
    size_t most = inputs->n_scenarios * (STEPS + 1);
    *targets = (struct targets){.targets = calloc(most + 1, sizeof *targets->targets)};
    if (!targets->targets)
        return err_errno(err, "cannot simulate %zu volumes", most);
    for (size_t i = 0; i < inputs->n_scenarios; i++) {
        const struct scenario *scenario = &inputs->scenarios[i];
        bool has_own = false;
        for (int step = 0; step < STEPS; step++) {
            /* Round, so that whole decades are whole numbers. */
            double requests = round(TARGETS_LEAST * pow(10, (double)step / TARGETS_A_DECADE));
            has_own |= requests >= scenario->requests && requests <= scenario->requests;
            add(targets, scenario, requests);
        }
        if (!has_own)
            add(targets, scenario, scenario->requests);
    }
    qsort(targets->targets, targets->n, sizeof *targets->targets, compare);
    return 0;
}

static bool belong_together(const struct target *a, const struct target *b)
{
    return a->scenario->shape == b->scenario->shape && volume_of(a) <= volume_of(b) &&
           volume_of(a) >= volume_of(b);
}

static void do_group(void *arg, size_t i)
{
    const struct work *work = arg;
    struct group *group = &work->groups[i];
    group->status = volume_simulate(work->inputs, group->first, group->n, work->seed, &group->err);
}

/* Find the groups of the sorted targets. */
static void group_targets(struct work *work, const struct targets *targets)
{
    for (size_t i = 0; i < targets->n; i++) {
        struct target *target = &targets->targets[i];
        if (work->n > 0 && belong_together(work->groups[work->n - 1].first, target))
            work->groups[work->n - 1].n++;
        else
            work->groups[work->n++] = (struct group){.first = target, .n = 1};
    }
}

int targets_simulate(struct targets *targets, const struct inputs *inputs, uint64_t seed,
                     unsigned threads, struct err *err)
{
    struct work work = {
        .inputs = inputs, .seed = seed, .groups = calloc(targets->n + 1, sizeof *work.groups)};
    if (!work.groups)
        return err_errno(err, "cannot simulate %zu volumes", targets->n);
    group_targets(&work, targets);
    int status = jobs_run(threads, work.n, do_group, &work, err);
    for (size_t i = 0; status == 0 && i < work.n; i++) {
        status = work.groups[i].status;
        if (status != 0)
            *err = work.groups[i].err;
    }
    free(work.groups);
    return status;
}

void targets_free(struct targets *targets)
{
    for (size_t i = 0; i < targets->n; i++)
        free(targets->targets[i].fleets);
    free(targets->targets);
}
