/*
 * phrases: words with spaces and symbols ("New York", "4×4"), which jieba's own look-ups never
 * reach, since its blocks end at such characters.
 *
 * They are searched for in the text before anything else, from left to right, the longest first:
 * each is one word, and the text between them is cut by jieba's rules as separate texts. A phrase
 * is found as it is written, letter for letter. One that begins or ends with a letter or digit of
 * ASCII is not found where another one of those stands next to it: "New York" is not in "New
 * Yorker". Search mode gives the words of two and three characters inside a phrase before it, as
 * jieba does with any word.
 *
 * They lie in a double array of their own, in which a label is a byte of UTF-8 plus 1, and whose
 * probability indexes are those of the dictionary. Without phrases there is none: segmenter_cut()
 * asks once a text. Private to src/segmenter.
 */
#ifndef SEGMENTER_PHRASES_H
#define SEGMENTER_PHRASES_H

#include "segmenter/segmenter.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/* The first phrase in `text` from byte `from` on, or an empty run at its end. `*unit` is the
 * unit of the phrase, for its probability and its tag. The text need not be UTF-8. */
struct str dict_find_phrase(const struct dict *dict, struct str text, size_t from, uint32_t *unit);

/* Put a phrase, in search mode after its parts. */
void output_put_phrase(struct segmenter *seg, struct str phrase);

#endif
