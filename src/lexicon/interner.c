#include "lexicon/interner.h"

#include <stdlib.h>

#define FIRST_SIZE 8192

void interner_free(struct interner *interner)
{
    free(interner->at);
    free(interner->slots);
    *interner = (struct interner){0};
}

/* Return the slot that has a value, or the free one where it belongs. */
static uint32_t *find_slot(const struct interner *interner, uint64_t value)
{
    size_t slot = (size_t)(value * 0x9E3779B97F4A7C15u >> 20) & (interner->n_slots - 1);
    while (interner->slots[slot] && interner->at[interner->slots[slot] - 1] != value)
        slot = (slot + 1) & (interner->n_slots - 1);
    return &interner->slots[slot];
}

/* Make room for one more value, so that the hash table is at most half full. */
static int reserve_value(struct interner *interner, struct err *err)
{
    if (interner->n < interner->cap)
        return 0;
    size_t cap = interner->cap ? interner->cap * 2 : FIRST_SIZE;
    uint64_t *at = realloc(interner->at, cap * sizeof *at);
    uint32_t *slots = calloc(2 * cap, sizeof *slots);
    if (at)
        interner->at = at;
    if (!at || !slots) {
        free(slots);
        return err_set(err, "out of memory for %zu values", cap);
    }
    free(interner->slots);
    interner->slots = slots;
    interner->n_slots = 2 * cap;
    interner->cap = cap;
    for (uint32_t i = 0; i < interner->n; i++)
        *find_slot(interner, interner->at[i]) = i + 1;
    return 0;
}

uint32_t interner_add(struct interner *interner, uint64_t value, uint32_t most, struct err *err)
{
    if (reserve_value(interner, err))
        return UINT32_MAX;
    uint32_t *slot = find_slot(interner, value);
    if (*slot)
        return *slot - 1;
    if (interner->n == most) {
        err_set(err, "more than %u different values", most);
        return UINT32_MAX;
    }
    interner->at[interner->n++] = value;
    *slot = (uint32_t)interner->n;
    return *slot - 1;
}
