/*
 * numbers: different 64-bit numbers, each with an index, in the order in which they come. Private
 * to src/lexicon.
 */
#ifndef LEXICON_INTERNER_H
#define LEXICON_INTERNER_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

/* A zeroed struct holds none. */
struct interner {
    uint64_t *at; /* owned */
    size_t n, cap;
    uint32_t *slots; /* hash table: index + 1, or 0 for a free one; owned */
    size_t n_slots;  /* 0 or a power of two */
};

void interner_free(struct interner *numbers);

/* The index of a number, which is added where it is new; UINT32_MAX with a reason when memory ran
 * out, or where there would be more than `most`, at most UINT32_MAX - 1. */
uint32_t interner_add(struct interner *numbers, uint64_t number, uint32_t most, struct err *err);

#endif
