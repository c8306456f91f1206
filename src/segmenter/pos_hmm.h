/*
 * pos_hmm: finds the most probable states of posseg's model (see pos.h) for Chinese characters.
 * Private to src/segmenter.
 */
#ifndef SEGMENTER_POS_HMM_H
#define SEGMENTER_POS_HMM_H

#include "segmenter/segmenter.h"

/* Set `back` to the numbers of the most probable states of the characters [begin, end), begin <
 * end, all of them Chinese; posseg's viterbi(). The dictionary has a model. Returns 0, or -1 when
 * memory ran out. */
int pos_viterbi(struct segmenter *seg, size_t begin, size_t end);

/* Free the memory of pos_viterbi(); NULL is allowed. */
void pos_columns_free(struct pos_columns *columns);

#endif
