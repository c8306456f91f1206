/*
 * rng: the random numbers of a simulation: xoshiro256++ 1.0 of D. Blackman and S. Vigna ("Scrambled linear
 * pseudorandom number generators", ACM TOMS 47, 2021; prng.di.unimi.it), whose state SplitMix64 fills.
 *
 * Each purpose has a stream of its own, so that one more draw in one place changes no number in another: both sides of a
 * comparison see the same arrivals, whatever they draw themselves.
 */
#ifndef SIMULATOR_RNG_H
#define SIMULATOR_RNG_H

#include <math.h>
#include <stdint.h>

struct rng {
    uint64_t state[4];
};

/* The purposes that draw numbers. */
enum rng_stream { RNG_COUNTS, RNG_TIMES, RNG_LAMBDA, RNG_FLEET };

/* Start the numbers of a stream of a seed. `part` numbers the parts of the stream, such as the seconds of the arrivals. */
void rng_start(struct rng *rng, uint64_t seed, enum rng_stream stream, uint64_t part);

static inline uint64_t rng_rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

/* Return the next 64 random bits. */
static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rng_rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate(s[3], 45);
    return result;
}

/* Return a number above 0 and at most 1, of which a logarithm can be taken. */
static inline double rng_unit(struct rng *rng)
{
    return (double)((rng_next(rng) >> 11) + 1) * 0x1p-53;
}

/* Return a whole number below `bound`, which is at least 1. No number is likelier than another by more than bound / 2^64. */
static inline uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    return (uint64_t)((unsigned __int128)rng_next(rng) * bound >> 64);
}

/* Return an exponentially distributed number of mean 1. */
static inline double rng_exponential(struct rng *rng)
{
    return -log(rng_unit(rng));
}

/* Return a Poisson distributed number of this mean, which is 10 or more: the method PTRS of W. Hörmann ("The transformed
 * rejection method for generating Poisson random variables", Insurance: Mathematics and Economics 12, 1993). */
uint64_t rng_poisson(struct rng *rng, double mean);

/* Return how many of `n` stay, where each stays with probability `share`, and 10 or more are to be expected both to stay and to go:
 * the method BTRS of W. Hörmann ("The generation of binomial random variates", Journal of Statistical Computation and Simulation
 * 46, 1993). */
uint64_t rng_binomial(struct rng *rng, double n, double share);

#endif
