/*
 * small: a small dictionary, model and image list, made in memory, for targets that answer
 * requests. Its words overlap, so that routes, ties and unknown runs all occur.
 */
#ifndef FUZZ_SMALL_H
#define FUZZ_SMALL_H

#include "snapshot/snapshot.h"
#include "util/buf.h"

/* Made at the first call; never freed. */
const struct snapshot *small_snapshot(void);

/* Append text in which each byte of `in` stands for a character: those below 0x80 for themselves,
 * the others for characters of the words, rare Chinese ones, white space and odd ones. */
void small_spell(struct str in, struct buf *out);

#endif
