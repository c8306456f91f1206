#include "traffic/arrivals.h"

#include <stdlib.h>
#include <string.h>

/* The entries, a power of two: 1 MiB. */
#define SLOTS UINT32_C(0x10000)
#define MOST  (SLOTS / 4 * 3) /* Beyond that, looking for an entry takes long. */

struct arrivals {
    uint32_t used;        /* The number of entries that are not empty. */
    bool is_taken;        /* Whether all entries were taken. */
    struct arrival *last; /* The entry of the last request; NULL: none. */
    struct arrival slots[SLOTS];
};

struct arrivals *arrivals_new(void)
{
    return calloc(1, sizeof(struct arrivals));
}

void arrivals_free(struct arrivals *arrivals)
{
    free(arrivals);
}

/* Find the entry of an endpoint in a second, or the empty one that may become it. */
static struct arrival *find_entry(struct arrivals *arrivals, int64_t second, int endpoint)
{
    uint64_t hash = ((uint64_t)second << 17 ^ (uint64_t)endpoint) * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t i = (uint32_t)(hash >> 40) % SLOTS;
    struct arrival *entry = &arrivals->slots[i];
    while (entry->n && (entry->second != second || entry->endpoint != endpoint)) {
        i = (i + 1) % SLOTS;
        entry = &arrivals->slots[i];
    }
    return entry;
}

bool arrivals_add(struct arrivals *arrivals, int64_t second, int endpoint)
{
    struct arrival *entry = arrivals->last;
    if (arrivals->is_taken)
        memset(arrivals, 0, sizeof *arrivals);
    if (!arrivals->last || entry->second != second || entry->endpoint != endpoint)
        entry = find_entry(arrivals, second, endpoint);
    arrivals->used += entry->n == 0;
    *entry = (struct arrival){second, endpoint, entry->n + 1};
    arrivals->last = entry;
    return arrivals->used >= MOST || entry->n == UINT32_MAX;
}

static int compare_entries(const void *a, const void *b)
{
    const struct arrival *left = a, *right = b;
    if (left->second != right->second)
        return left->second < right->second ? -1 : 1;
    return (left->endpoint > right->endpoint) - (left->endpoint < right->endpoint);
}

uint32_t arrivals_take(struct arrivals *arrivals, const struct arrival **entries)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < SLOTS && !arrivals->is_taken; i++) {
        if (arrivals->slots[i].n)
            arrivals->slots[n++] = arrivals->slots[i];
    }
    qsort(arrivals->slots, n, sizeof *arrivals->slots, compare_entries);
    arrivals->is_taken = true;
    *entries = arrivals->slots;
    return n;
}
