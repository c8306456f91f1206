/*
 * arrivals: the requests in each second to each endpoint, in a table of a fixed size.
 */
#ifndef TRAFFIC_ARRIVALS_H
#define TRAFFIC_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

struct arrivals;

/* The requests to one endpoint in one second. */
struct arrival {
    int64_t second; /* Of the Unix epoch, 0 or more. */
    int endpoint;
    uint32_t n; /* The number of requests; 0: the entry is empty. */
};

/* Make an empty table. Returns NULL without memory; the caller frees it. */
struct arrivals *arrivals_new(void);

/* NULL is allowed. */
void arrivals_free(struct arrivals *arrivals);

/* Count a request. Returns whether the table has become full, so that the caller must take its entries
 * before the next request. */
bool arrivals_add(struct arrivals *arrivals, int64_t second, int endpoint);

/* Sort the entries by second and endpoint, and remove them from the table. They are valid until the
 * next call of arrivals_add(). Returns their number. */
uint32_t arrivals_take(struct arrivals *arrivals, const struct arrival **entries);

#endif
