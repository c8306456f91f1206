/*
 * ring: a queue with two ends, of items as a heap has them.
 */
#ifndef SIMULATOR_RING_H
#define SIMULATOR_RING_H

#include "simulator/heap.h"

/* A queue. A zeroed struct is an empty one. */
struct ring {
    struct heap_item *items; /* The memory; owned by the ring. */
    size_t room;             /* The number of items that fit, 0 or a power of two. */
    size_t first;            /* The place of the first item. */
    size_t n;                /* The number of items. */
};

/* Add an item at the end, in O(1). Returns 0, or -1 without memory. */
int ring_push(struct ring *ring, struct heap_item item, struct err *err);

/* Remove and return the first item. The queue must not be empty. */
static inline struct heap_item ring_pop_first(struct ring *ring)
{
    size_t at = ring->first;
    ring->first = (at + 1) & (ring->room - 1);
    ring->n--;
    return ring->items[at];
}

/* Remove and return the last item. The queue must not be empty. */
static inline struct heap_item ring_pop_last(struct ring *ring)
{
    return ring->items[(ring->first + --ring->n) & (ring->room - 1)];
}

void ring_free(struct ring *ring);

#endif
