/*
 * random: random numbers, either unpredictable ones from the kernel or the reproducible sequence of
 * a seed.
 */
#ifndef UTIL_RANDOM_H
#define UTIL_RANDOM_H

#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A source of numbers. A zeroed struct takes each number from the kernel. */
struct random {
    bool seeded;    /* Whether the numbers are those of a seed. */
    uint64_t state; /* The state of SplitMix64, where `seeded`. */
};

/*
 * Start the sequence of a seed, which is any text. Clients rely on it, so it is the same on every
 * machine and in every version: the initial state is the 64-bit FNV-1a hash of the text, and
 * SplitMix64 makes each number from it (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
 */
void random_seed(struct random *random, struct str seed);

/* Advance the state of SplitMix64, which any number can be, and return the next 64 bits. */
uint64_t random_split_mix(uint64_t *state);

/*
 * Return the next number below `bound`, which is at least 1. All numbers are equally likely: the
 * function draws 64-bit numbers until one is at least 2^64 mod bound, and returns that one mod
 * bound.
 */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
