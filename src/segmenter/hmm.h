/*
 * hmm: cuts characters by the hidden Markov model; jieba's finalseg. Private to src/segmenter.
 */
#ifndef SEGMENTER_HMM_H
#define SEGMENTER_HMM_H

#include "segmenter/segmenter.h"

/* Cut the characters [begin, end) of the block: Chinese characters by the model, others by
 * cut_non_han(); finalseg.cut(). A word of the model that the dictionary forbids is cut into its
 * characters. Reads `labels`, and uses `back`. */
void cut_by_hmm(struct segmenter *seg, size_t begin, size_t end);

#endif
