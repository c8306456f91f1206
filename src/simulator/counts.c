#include "simulator/counts.h"

#include "simulator/sim_time.h"

#include <stdlib.h>
#include <string.h>

int counts_start(struct counts *counts, double volume, size_t seconds, struct err *err)
{
    if (!(volume >= 0 && volume <= 1e12))
        return err_set(err, "cannot simulate %g requests a month: take at most 1e12", volume);
    if (seconds < 1 || seconds > COUNTS_MOST_SECONDS)
        return err_set(err, "cannot simulate %zu seconds: take 1 to %d", seconds,
                       COUNTS_MOST_SECONDS);
    *counts = (struct counts){.seconds = seconds};
    counts->by_second = calloc(seconds, sizeof *counts->by_second);
    if (!counts->by_second)
        return err_errno(err, "cannot keep the requests of %zu seconds", seconds);
    return 0;
}

void counts_add(struct counts *counts, size_t second, uint64_t n, bool *overflow)
{
    *overflow |= n > UINT32_MAX - counts->by_second[second];
    counts->by_second[second] += (uint32_t)n;
    counts->total += n;
}

int counts_finish(struct counts *counts, bool overflow, struct err *err)
{
    if (!overflow)
        return 0;
    counts_free(counts);
    return err_set(err, "cannot simulate more than %u requests in a second: take a smaller volume",
                   UINT32_MAX);
}

/* The seconds whose most requests are found at once, in a loop that compilers make fast. */
#define SPAN 64

static uint32_t most_of_span(const uint32_t *by_second)
{
    uint32_t most = 0;
    for (size_t i = 0; i < SPAN; i++)
        most = by_second[i] > most ? by_second[i] : most;
    return most;
}

size_t counts_busiest(const struct counts *counts)
{
    const uint32_t *by_second = counts->by_second;
    size_t busiest = 0;
    for (size_t second = 1; second < counts->seconds; second++) {
        while (second + SPAN <= counts->seconds &&
               most_of_span(by_second + second) <= by_second[busiest])
            second += SPAN;
        if (second < counts->seconds && by_second[second] > by_second[busiest])
            busiest = second;
    }
    return busiest;
}

double counts_dispersion(const struct counts *counts, size_t window)
{
    size_t windows = counts->seconds / window;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < windows; i++) {
        double n = 0;
        for (size_t second = i * window; second < (i + 1) * window; second++)
            n += counts->by_second[second];
        sum += n;
        squares += n * n;
    }
    if (windows < 2 || sum <= 0)
        return 0;
    double mean = sum / (double)windows;
    return (squares / (double)windows - mean * mean) / mean;
}

int counts_from_times(struct counts *counts, const uint64_t *times, size_t n, size_t seconds,
                      struct err *err)
{
    bool overflow = false;
    if (counts_start(counts, 0, seconds, err) != 0)
        return -1;
    while (n > 0 && times[n - 1] / SIM_SECOND >= seconds)
        n--;
    for (size_t i = 0; i < n; i++)
        counts_add(counts, times[i] / SIM_SECOND, 1, &overflow);
    counts->times = malloc((n ? n : 1) * sizeof *counts->times);
    if (!counts->times) {
        counts_free(counts);
        return err_errno(err, "cannot keep the times of %zu requests", n);
    }
    if (n > 0)
        memcpy(counts->times, times, n * sizeof *times);
    return counts_finish(counts, overflow, err);
}

void counts_free(struct counts *counts)
{
    free(counts->times);
    free(counts->by_second);
    *counts = (struct counts){0};
}
