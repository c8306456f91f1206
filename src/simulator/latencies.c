#include "simulator/latencies.h"

#include <math.h>

void latencies_merge(struct latencies *latencies, const struct latencies *other, uint64_t times)
{
    for (unsigned i = 0; i < LATENCIES_BUCKETS; i++)
        latencies->buckets[i] += times * other->buckets[i];
    latencies->n += times * other->n;
    latencies->sum += (double)times * other->sum;
}

/* Return the middle of a bucket. */
static sim_time middle_of_bucket(unsigned bucket)
{
    if (bucket < 2 * LATENCIES_STEPS)
        return bucket;
    unsigned shift = bucket / LATENCIES_STEPS - 1;
    sim_time low = (sim_time)(bucket - shift * LATENCIES_STEPS) << shift;
    return low + ((sim_time)1 << shift) / 2;
}

sim_time latencies_percentile(const struct latencies *latencies, double share, uint64_t failures)
{
    uint64_t all = latencies->n + failures;
    if (all == 0)
        return 0;
    uint64_t rank = (uint64_t)ceil(share * (double)all), seen = 0;
    if (rank > latencies->n)
        return SIM_NEVER;
    for (unsigned i = 0; i < LATENCIES_BUCKETS; i++) {
        seen += latencies->buckets[i];
        if (seen > 0 && seen >= rank)
            return middle_of_bucket(i);
    }
    return SIM_NEVER;
}

double latencies_mean(const struct latencies *latencies)
{
    return latencies->n ? latencies->sum / (double)latencies->n : 0;
}
