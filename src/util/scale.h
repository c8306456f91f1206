/*
 * scale: the sizes from which something counts as large.
 *
 * A build with sanitizers defines SMALL_SCALE. The fuzz targets then have sizes of their own, so that an
 * input of a few hundred bytes goes the ways of a large request (see fuzz/fuzz.c).
 */
#ifndef UTIL_SCALE_H
#define UTIL_SCALE_H

#include <stdbool.h>
#include <stddef.h>

struct scale {
    size_t piece; /* The bytes that a buf with a sink collects for a piece. */

    /* Whether a buf compares with `piece` before each addition, not only where it has no room. */
    bool is_eager;

    size_t short_text; /* The most bytes of a text whose answer is made whole before it is sent. */
};

/* Versions of clang-format lay out these braces differently. */
/* clang-format off */
#define SCALE_USUAL {65536, false, 8192}
/* clang-format on */

#ifdef SMALL_SCALE
extern const struct scale scale;
#else
static const struct scale scale = SCALE_USUAL;
#endif

#endif
