#include "util/random.h"

#include <stdlib.h>

void random_seed(struct random *random, struct str seed)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < seed.len; i++)
        hash = (hash ^ (unsigned char)seed.at[i]) * 0x100000001B3u;
    *random = (struct random){.seeded = true, .state = hash};
}

uint64_t random_split_mix(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t next_number(struct random *random)
{
    uint64_t number;
    if (random->seeded)
        return random_split_mix(&random->state);
    /* glibc reads each of these numbers from the kernel and keeps no state of its own, so a fork, a
     * clone or a restored copy of this process never repeats the numbers of another one. */
    arc4random_buf(&number, sizeof number);
    return number;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    /* Without the numbers below this one, every remainder has equally many numbers. */
    uint64_t least = -bound % bound;
    for (;;) {
        uint64_t number = next_number(random);
        if (number >= least)
            return number % bound;
    }
}
