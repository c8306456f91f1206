/*
 * sample: the parts of a month that are simulated where it has too many requests for all of them: the time around its busiest second, and
 * pieces of the rest, each of which stands for the times that are about as busy. So a sale of an hour is not missed, and does
 * not count as more than it is.
 */
#ifndef PLANNER_SAMPLE_H
#define PLANNER_SAMPLE_H

#include "simulator/counts.h"

/* The weight of what stands for itself alone. */
#define SAMPLE_WEIGHT 64

/* A part of the month. */
struct sample_piece {
    size_t begin;    /* The first second of its warm-up. */
    size_t warm_up;  /* The seconds of the warm-up. */
    size_t seconds;  /* The seconds after that. */
    uint64_t weight; /* How many of its kind it stands for, in units of 1 / SAMPLE_WEIGHT. */
};

struct sample {
    struct sample_piece *pieces; /* The busiest time first; owned by this struct. */
    size_t n;
};

/*
 * Choose the parts of `counts` to simulate: all of it where it has at most `budget` requests, otherwise about as many. Half of them are
 * around the busiest second. A piece has a warm-up of up to `warm_up` seconds before it. Returns 0, or -1 without memory; sample_free()
 * frees the pieces.
 */
int sample_choose(struct sample *sample, const struct counts *counts, uint64_t budget,
                  size_t warm_up, struct err *err);

void sample_free(struct sample *sample);

/* Return seconds of counts as counts of their own, which share the memory, and must not be freed. */
struct counts sample_view(const struct counts *counts, size_t begin, size_t seconds);

/* Return as much of `counts`, around the second `at`, as has `requests` requests, in the same manner. */
struct counts sample_around(const struct counts *counts, size_t at, uint64_t requests);

/*
 * Give one of `parts` parts of the requests, of which each takes every `parts`-th: what a part of a fleet gets. Returns 0, or -1 without
 * memory. counts_free() frees `share`.
 */
int sample_share(struct counts *share, const struct counts *counts, uint64_t parts,
                 struct err *err);

#endif
