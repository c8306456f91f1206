/*
 * word_sink: the callbacks that receive the words of a text from segmenter_cut() and
 * segmenter_tag().
 */
#ifndef SEGMENTER_WORD_SINK_H
#define SEGMENTER_WORD_SINK_H

#include "util/str.h"

#include <stddef.h>

/*
 * Receives the next `n` words of a text, in order. A word is a run of bytes of the text, or of
 * scratch memory that is valid during the call only. In full mode a word can be empty. Returns 0 to
 * continue, or -1 to stop.
 */
typedef int word_sink(void *arg, const struct str *words, size_t n);

/*
 * Receives the next `n` words of a text, in order, and the tag of each. The words are runs of bytes
 * of the text; all of them together are the text, and none is empty. The tags lie in the dictionary
 * or are string constants. Returns 0 to continue, or -1 to stop.
 */
typedef int tagged_word_sink(void *arg, const struct str *words, const struct str *tags, size_t n);

#endif
