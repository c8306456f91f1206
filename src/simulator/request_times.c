#include "simulator/request_times.h"

void request_times_start(struct request_times *times, const struct counts *counts, uint64_t seed)
{
    *times = (struct request_times){.counts = counts, .seed = seed};
}

/* The seconds that are passed over at once where they have no request, in a loop that compilers make fast. */
#define SPAN 16

static bool is_empty_span(const uint32_t *by_second)
{
    uint32_t any = 0;
    for (size_t i = 0; i < SPAN; i++)
        any |= by_second[i];
    return any == 0;
}

/* Go to the next second that has requests. Returns whether there is one. */
static bool find_second(struct request_times *times)
{
    const struct counts *counts = times->counts;
    while (times->next + SPAN <= counts->seconds && is_empty_span(counts->by_second + times->next))
        times->next += SPAN;
    while (times->next < counts->seconds && counts->by_second[times->next] == 0)
        times->next++;
    if (times->next == counts->seconds)
        return false;
    times->left = counts->by_second[times->next];
    times->log_of_rest = 0;
    rng_start(&times->rng, times->seed, RNG_TIMES, times->next);
    times->next++;
    return true;
}

/* The next of k uniform times in the rest of the second is the least of them: what is left then of the rest is the maximum of k uniform
 * numbers, whose logarithm is exponentially distributed with mean -1/k. So the times come in order, without sorting. */
bool request_times_next(struct request_times *times, sim_time *time)
{
    if (times->counts->times) {
        bool has_next = times->next < times->counts->total;
        if (has_next)
            *time = times->counts->times[times->next++];
        return has_next;
    }
    if (times->left == 0 && !find_second(times))
        return false;
    times->log_of_rest -= rng_exponential(&times->rng) / times->left--;
    sim_time within = (sim_time)((1 - exp(times->log_of_rest)) * (double)SIM_SECOND);
    *time = (times->next - 1) * SIM_SECOND + (within < SIM_SECOND ? within : SIM_SECOND - 1);
    return true;
}
