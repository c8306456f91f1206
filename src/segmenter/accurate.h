/*
 * accurate: cuts a block along its best path, the words of accurate and of search mode. Private to
 * src/segmenter.
 */
#ifndef SEGMENTER_ACCURATE_H
#define SEGMENTER_ACCURATE_H

#include "segmenter/segmenter.h"

/* Cut the block, whose pairs are looked up, along the best path, and the runs of single characters
 * on it by the hidden Markov model; jieba's __cut_DAG. */
void cut_hmm(struct segmenter *seg);

/* Cut the block, whose pairs are looked up, along the best path, and join the letters and digits
 * that are single on it; jieba's __cut_DAG_NO_HMM. */
void cut_no_hmm(struct segmenter *seg);

#endif
