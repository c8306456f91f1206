/*
 * full: finds all words of a block. Private to src/segmenter.
 */
#ifndef SEGMENTER_FULL_H
#define SEGMENTER_FULL_H

#include "segmenter/segmenter.h"

/* Put all words of the dictionary that are in the block, whose pairs are looked up; jieba's
 * __cut_all, quirks included. Uses `ends`. */
void cut_full(struct segmenter *seg);

#endif
