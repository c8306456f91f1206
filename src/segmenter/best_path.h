/*
 * best_path: finds the most probable path through the word graph of a block; jieba's calc().
 * Private to src/segmenter.
 */
#ifndef SEGMENTER_BEST_PATH_H
#define SEGMENTER_BEST_PATH_H

#include "segmenter/segmenter.h"

/* Find for each character of the block, whose pairs are looked up, the best path from there to the
 * end: set `best` to its sum of log probabilities, and `ends` to the end of its first word. */
void find_best_path(struct segmenter *seg);

#endif
