/*
 * small: a small snapshot in memory for the fuzz targets: a dictionary, models, keyword weights and
 * images. Its words overlap, so that different best paths, ties and unknown runs all occur.
 */
#ifndef FUZZ_SMALL_H
#define FUZZ_SMALL_H

#include "snapshot/snapshot.h"
#include "util/buf.h"

/* Return the snapshot, which is made at the first call and never freed. */
const struct snapshot *small_snapshot(void);

/* Append one character to `out` for each byte of `in`: the byte itself below 0x80, else a character
 * of the words, a rare Chinese one, white space, or another unusual character. */
void small_spell(struct str in, struct buf *out);

#endif
