/*
 * shapes: named courses of traffic over a month, for users without a log. Each month begins on a Monday at 0:00.
 */
#ifndef SIMULATOR_SHAPES_H
#define SIMULATOR_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shape {
    const char *name;  /* The name on the command line. */
    const char *about; /* What it is, a noun phrase for people. */

    /* Return the rate in a minute of the month, relative to that in other minutes. */
    double (*rate)(unsigned minute);

    /* Whether a clock starts the requests: the number of them in each hour does not vary by chance. */
    bool is_timed;
};

/* The shapes; one without a name ends them. */
extern const struct shape shapes[];

/* Return the sum of a shape's rates in `n` minutes from `begin` on. */
double shape_sum(const struct shape *shape, unsigned begin, unsigned n);

/* Return the shape of a name; NULL where there is none. */
const struct shape *shape_find(const char *name);

#endif
