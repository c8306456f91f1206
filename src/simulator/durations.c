#include "simulator/durations.h"

#include <stdlib.h>

/* Fill in the values and the sums of the weights, for which there is room. */
static void sum_weights(struct durations *durations, const sim_time *values,
                        const uint64_t *weights, size_t n)
{
    uint64_t end = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t weight = weights ? weights[i] : 1;
        durations->values[i] = values[i];
        durations->ends[i] = end += weight;
        sum += (double)values[i] * (double)weight;
    }
    durations->mean = end ? sum / (double)end : 0;
}

int durations_measure(struct durations *durations, const sim_time *values, const uint64_t *weights,
                      size_t n, struct err *err)
{
    if (n == 0)
        return err_set(err, "cannot simulate without a duration: measure at least one request");
    *durations = (struct durations){.kind = DURATIONS_MEASURED, .n = n};
    durations->values = calloc(n, sizeof *durations->values);
    durations->ends = calloc(n, sizeof *durations->ends);
    if (!durations->values || !durations->ends) {
        durations_free(durations);
        return err_errno(err, "cannot keep %zu measured durations", n);
    }
    sum_weights(durations, values, weights, n);
    if (durations->ends[n - 1] == 0) {
        durations_free(durations);
        return err_set(
            err,
            "cannot simulate with durations that were seen 0 times: measure at least one request");
    }
    return 0;
}

void durations_free(struct durations *durations)
{
    free(durations->values);
    free(durations->ends);
    *durations = (struct durations){0};
}

sim_time durations_draw_measured(const struct durations *durations, struct rng *rng)
{
    uint64_t drawn = rng_below(rng, durations->ends[durations->n - 1]);
    size_t low = 0, high = durations->n - 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (drawn < durations->ends[mid])
            high = mid;
        else
            low = mid + 1;
    }
    return durations->values[low];
}
