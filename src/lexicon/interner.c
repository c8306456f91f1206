#include "lexicon/interner.h"

#include <stdlib.h>

#define FIRST_SIZE 8192

void interner_free(struct interner *numbers)
{
    free(numbers->at);
    free(numbers->slots);
    *numbers = (struct interner){0};
}

/* The slot of a number: the one that has it, or the free one where it belongs. */
static uint32_t *find_slot(const struct interner *numbers, uint64_t number)
{
    size_t slot = (size_t)(number * 0x9E3779B97F4A7C15u >> 20) & (numbers->n_slots - 1);
    while (numbers->slots[slot] && numbers->at[numbers->slots[slot] - 1] != number)
        slot = (slot + 1) & (numbers->n_slots - 1);
    return &numbers->slots[slot];
}

/* Make room for one more, the hash table being at most half full. */
static int grow(struct interner *numbers, struct err *err)
{
    if (numbers->n < numbers->cap)
        return 0;
    size_t cap = numbers->cap ? numbers->cap * 2 : FIRST_SIZE;
    uint64_t *at = realloc(numbers->at, cap * sizeof *at);
    uint32_t *slots = calloc(2 * cap, sizeof *slots);
    if (at)
        numbers->at = at;
    if (!at || !slots) {
        free(slots);
        return err_set(err, "out of memory for %zu numbers", cap);
    }
    free(numbers->slots);
    numbers->slots = slots;
    numbers->n_slots = 2 * cap;
    numbers->cap = cap;
    for (uint32_t i = 0; i < numbers->n; i++)
        *find_slot(numbers, numbers->at[i]) = i + 1;
    return 0;
}

uint32_t interner_add(struct interner *numbers, uint64_t number, uint32_t most, struct err *err)
{
    if (grow(numbers, err))
        return UINT32_MAX;
    uint32_t *slot = find_slot(numbers, number);
    if (*slot)
        return *slot - 1;
    if (numbers->n == most) {
        err_set(err, "more than %u different numbers", most);
        return UINT32_MAX;
    }
    numbers->at[numbers->n++] = number;
    *slot = (uint32_t)numbers->n;
    return *slot - 1;
}
