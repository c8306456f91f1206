#include "simulator/ring.h"

#include <stdlib.h>

/* Double the memory, and move the items to its begin. */
static int grow_ring(struct ring *ring, struct err *err)
{
    size_t room = ring->room ? 2 * ring->room : 16;
    struct heap_item *items = calloc(room, sizeof *items);
    if (!items)
        return err_errno(err, "cannot keep %zu queued requests", room);
    for (size_t i = 0; i < ring->n; i++)
        items[i] = ring->items[(ring->first + i) & (ring->room - 1)];
    free(ring->items);
    *ring = (struct ring){.items = items, .room = room, .n = ring->n};
    return 0;
}

int ring_push(struct ring *ring, struct heap_item item, struct err *err)
{
    if (ring->n == ring->room && grow_ring(ring, err) != 0)
        return -1;
    ring->items[(ring->first + ring->n++) & (ring->room - 1)] = item;
    return 0;
}

void ring_free(struct ring *ring)
{
    free(ring->items);
    *ring = (struct ring){0};
}
