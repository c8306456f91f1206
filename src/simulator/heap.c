#include "simulator/heap.h"

#include <stdlib.h>

int heap_push(struct heap *heap, struct heap_item item, struct err *err)
{
    if (heap->n == heap->room) {
        size_t room = heap->room ? 2 * heap->room : 16;
        struct heap_item *items = reallocarray(heap->items, room, sizeof *items);
        if (!items)
            return err_errno(err, "cannot keep %zu events", room);
        heap->items = items;
        heap->room = room;
    }
    size_t at = heap->n++;
    for (; at > 0 && item.key < heap->items[(at - 1) / 2].key; at = (at - 1) / 2)
        heap->items[at] = heap->items[(at - 1) / 2];
    heap->items[at] = item;
    return 0;
}

void heap_replace(struct heap *heap, struct heap_item item)
{
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < heap->n; at = child) {
        if (child + 1 < heap->n && heap->items[child + 1].key < heap->items[child].key)
            child++;
        if (item.key <= heap->items[child].key)
            break;
        heap->items[at] = heap->items[child];
    }
    heap->items[at] = item;
}

struct heap_item heap_pop(struct heap *heap)
{
    struct heap_item least = heap->items[0];
    struct heap_item last = heap->items[--heap->n];
    if (heap->n > 0)
        heap_replace(heap, last);
    return least;
}

void heap_free(struct heap *heap)
{
    free(heap->items);
    *heap = (struct heap){0};
}
