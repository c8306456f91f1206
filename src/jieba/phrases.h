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
 * cost indexes are those of the dictionary. Without phrases there is none: jieba_cut() asks once a
 * text. Private to src/jieba.
 */
#ifndef JIEBA_PHRASES_H
#define JIEBA_PHRASES_H

#include "jieba/scratch.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/* The labels of a phrase, up to JIEBA_MAX_DEPTH: their number, or -1 with a reason. */
int jieba_phrase_labels(struct str phrase, uint16_t *labels, struct err *err);

/* The first phrase in `text` from byte `from` on, or an empty run at its end. `*unit` is the
 * unit of the phrase, for its cost and its tag. The text need not be UTF-8. */
struct str jieba_find_phrase(const struct jieba_dict *dict, struct str text, size_t from,
                             uint32_t *unit);

/* Put a phrase, in search mode after its parts. */
void jieba_put_phrase(struct jieba *jieba, struct str phrase);

#endif
