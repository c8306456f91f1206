/*
 * heap: a binary heap of numbers with something attached to each. The least number comes first; of equal ones, the one of which the
 * heap's order alone decides, which is the same in each run.
 */
#ifndef SIMULATOR_HEAP_H
#define SIMULATOR_HEAP_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

struct heap_item {
    uint64_t key;
    uint64_t values[2]; /* What is attached. */
};

/* A heap. A zeroed struct is an empty one. */
struct heap {
    struct heap_item *items; /* The items, the least first; owned by the heap. */
    size_t n;                /* The number of items. */
    size_t room;             /* The number of items that fit in the memory. */
};

/* Add an item, in O(log n). Returns 0, or -1 without memory. */
int heap_push(struct heap *heap, struct heap_item item, struct err *err);

/* Remove and return the least item, in O(log n). The heap must not be empty. */
struct heap_item heap_pop(struct heap *heap);

/* Replace the least item by another one, in O(log n). The heap must not be empty. */
void heap_replace(struct heap *heap, struct heap_item item);

void heap_free(struct heap *heap);

#endif
