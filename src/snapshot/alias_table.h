/*
 * alias_table: weighted random choice in constant time (A. J. Walker, ACM TOMS 3 (1977) 253; built
 * in linear time by the method of M. D. Vose, IEEE TSE 17 (1991) 972). All numbers are integers, so
 * the chance of each choice is exactly weight / sum of the weights.
 *
 * To sample, draw an index i below the length of the table, then a number below the total. The
 * sample is choice i where that number is below its threshold, else the alias of choice i.
 */
#ifndef SNAPSHOT_ALIAS_TABLE_H
#define SNAPSHOT_ALIAS_TABLE_H

#include "snapshot/format.h"
#include "util/err.h"
#include "util/random.h"

/* The largest sample that alias_table_sample() takes. */
#define ALIAS_TABLE_MAX_SAMPLE 100

/* The choices of one list, borrowed from a snapshot. */
struct alias_table {
    const struct snapshot_choice *choices;
    uint32_t n;     /* The number of choices, at least 1. */
    uint64_t total; /* The sum of their weights. */
};

/*
 * Build the table of `n` choices in place. On entry each `threshold` holds a weight, 1 to
 * SNAPSHOT_MAX_WEIGHT. The function sets `threshold`, `end` and `alias` of each choice, and
 * `*total` to the sum of the weights. Returns 0, or -1 with a reason when memory ran out.
 */
int alias_table_build(struct snapshot_choice *choices, uint32_t n, uint64_t *total,
                      struct err *err);

/*
 * Check that sampling stays inside the table: every alias is an index of it, no threshold exceeds
 * the total, and the weights are positive and add up to the total. Returns 0 or -1 with a reason.
 */
int alias_table_verify(const struct alias_table *table, struct err *err);

/*
 * Sample `n` choices, 1 to ALIAS_TABLE_MAX_SAMPLE, without replacement: each is drawn by weight
 * from those that are left. Takes all choices where the table has fewer. Sets `images` to the
 * images of the sample, in the order in which they were drawn, and returns their number.
 *
 * Clients rely on how many numbers a sample draws from `random`, since a seed must give the same
 * answer in every version: the first choice draws an index below the length of the table and, where
 * that choice's threshold is below the total, a number below the total. Each further choice draws
 * one number below the sum of the weights that are left.
 */
uint32_t alias_table_sample(const struct alias_table *table, struct random *random, uint32_t n,
                            uint32_t images[ALIAS_TABLE_MAX_SAMPLE]);

#endif
