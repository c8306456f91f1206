/*
 * tally: sizes, durations and statuses of the requests to each endpoint.
 */
#ifndef TRAFFIC_TALLY_H
#define TRAFFIC_TALLY_H

#include "traffic/histogram.h"
#include "traffic/record.h"

#include <stdbool.h>

#define TALLY_STATUSES 1000

/* The requests to one endpoint. */
struct tally {
    uint64_t requests;
    uint64_t bytes;                    /* Of the responses whose size is known. */
    struct histogram sizes, durations; /* In bytes, and in microseconds. */
    uint64_t statuses[TALLY_STATUSES]; /* The requests by status. */
};

/* Count a request. */
void tally_add(struct tally *tally, const struct record *record);

/* Add the requests of another endpoint. */
void tally_merge(struct tally *tally, const struct tally *other);

#endif
