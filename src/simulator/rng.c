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

/* Return the logarithm of k! (n - k)!. */
static double log_of_ways(double n, double k)
{
    int sign;
    return lgamma_r(k + 1, &sign) + lgamma_r(n - k + 1, &sign);
}

uint64_t rng_binomial(struct rng *rng, double n, double share)
{
    double p = fmin(share, 1 - share), deviation = sqrt(n * p * (1 - p)),
           b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * p, v_r = 0.92 - 4.2 / b, mode = floor((n + 1) * p);
    for (;;) {
        double u = rng_unit(rng) - 0.5, v = rng_unit(rng), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + n * p + 0.5);
        if (k < 0 || k > n)
            continue;
        if ((us >= 0.07 && v <= v_r) ||
            log(v * (2.83 + 5.1 / b) * deviation / (a / (us * us) + b)) <=
                log_of_ways(n, mode) - log_of_ways(n, k) + (k - mode) * log(p / (1 - p)))
            return (uint64_t)(share <= 0.5 ? k : n - k);
    }
}
