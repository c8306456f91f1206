/*
 * latin: cuts letters, digits and signs without Chinese characters between them. Private to
 * src/segmenter.
 */
#ifndef SEGMENTER_LATIN_H
#define SEGMENTER_LATIN_H

#include "segmenter/segmenter.h"

/*
 * Cut a block of ASCII characters in which no word of the dictionary has two of them side by side,
 * which is most such blocks. Every character is then alone on the best path, so that it need not be
 * found: what remains is to join the characters again; with `hmm`, by finalseg's rules. The pairs
 * need not be looked up. Returns false, and puts nothing, for any other block.
 */
bool cut_latin_block(struct segmenter *seg, bool hmm);

/* Cut the characters [begin, end) of the block, none of them Chinese, into numbers, Latin words and
 * what is between these; finalseg's re_skip. */
void cut_non_han(struct segmenter *seg, size_t begin, size_t end);

#endif
