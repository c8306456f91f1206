/*
 * random: numbers that nobody can foretell, or the same numbers for the same seed.
 */
#ifndef API_RANDOM_H
#define API_RANDOM_H

#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A zeroed struct gives the kernel's random numbers. */
struct random {
    bool seeded;
    uint64_t state;
};

/*
 * Begin the sequence of a seed, which is any text. It is the same on every machine and in every
 * version, since clients rely on it: the state begins as the text's FNV-1a hash of 64 bits, and
 * each number comes of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
 */
void random_seed(struct random *random, struct str seed);

/* The next number below `bound`, bound >= 1, each with the same chance: of the numbers of 64 bits,
 * the first one from 2^64 mod bound on, mod bound. */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
