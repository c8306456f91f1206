/*
 * interner: numbers distinct values. Each different 64-bit value gets an index, from 0 on in the
 * order in which the values are added. Private to src/lexicon.
 */
#ifndef LEXICON_INTERNER_H
#define LEXICON_INTERNER_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

/* A zeroed struct is empty. */
struct interner {
    uint64_t *at; /* [n] The values by index, owned. */
    size_t n, cap;
    uint32_t *slots; /* [n_slots] A hash table: index + 1, or 0 if free; owned. */
    size_t n_slots;  /* 0, or a power of two. */
};

/* Free the memory; the interner is empty afterwards. */
void interner_free(struct interner *interner);

/* Return the index of a value, which is added if it is new; or UINT32_MAX with a reason if memory
 * ran out, or if there would be more than `most` values. `most` is at most UINT32_MAX - 1. */
uint32_t interner_add(struct interner *interner, uint64_t value, uint32_t most, struct err *err);

#endif
