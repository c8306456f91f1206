#include "traffic/tally.h"

void tally_add(struct tally *tally, const struct record *record)
{
    tally->requests++;
    tally->statuses[record->status]++;
    if (record->bytes != RECORD_NONE) {
        tally->bytes += (uint64_t)record->bytes;
        tally->sizes.n[histogram_bucket(record->bytes)]++;
    }
    if (record->service_us != RECORD_NONE)
        tally->durations.n[histogram_bucket(record->service_us)]++;
}

void tally_merge(struct tally *tally, const struct tally *other)
{
    tally->requests += other->requests;
    tally->bytes += other->bytes;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        tally->sizes.n[i] += other->sizes.n[i];
        tally->durations.n[i] += other->durations.n[i];
    }
    for (int i = 0; i < TALLY_STATUSES; i++)
        tally->statuses[i] += other->statuses[i];
}
