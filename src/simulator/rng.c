#include "simulator/rng.h"

#include "util/random.h"

void rng_start(struct rng *rng, uint64_t seed, enum rng_stream stream, uint64_t part)
{
    uint64_t state = seed;
    state = random_split_mix(&state) + (uint64_t)stream;
    state = random_split_mix(&state) + part;
    for (int i = 0; i < 4; i++)
        rng->state[i] = random_split_mix(&state);
}

uint64_t rng_poisson(struct rng *rng, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double log_of_inverse_alpha = log(1.1239 + 1.1328 / (b - 3.4)), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = rng_unit(rng) - 0.5, v = rng_unit(rng), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r)
            return (uint64_t)k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        int sign;
        if (log(v) + log_of_inverse_alpha - log(a / (us * us) + b) <=
            k * log(mean) - mean - lgamma_r(k + 1, &sign))
            return (uint64_t)k;
    }
}
