/*
 * phrases: finds the words with spaces and symbols ("New York", "4×4") in a text. Jieba's own
 * look-ups never reach them, since its blocks end at such characters. Private to src/segmenter.
 *
 * The segmenter looks for phrases before it cuts anything else, from left to right, the longest
 * first. Each phrase is one word; the text between two phrases is cut by jieba's rules as a text of
 * its own. A phrase matches byte for byte. If it begins or ends with an ASCII letter or digit, it
 * does not match next to another one: "New York" is not found in "New Yorker".
 * Search mode puts the words of two and three characters inside a phrase before the phrase, as
 * jieba does for any word.
 *
 * Phrases lie in a double array of their own (see dict.h), in which the label of a byte is its
 * value plus 1. Its probability indexes are those of the dictionary. `dict->n_phrases` is 0 if
 * there are no phrases: the segmenter asks once a text.
 */
#ifndef SEGMENTER_PHRASES_H
#define SEGMENTER_PHRASES_H

#include "segmenter/dict.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Find the first phrase in `text` from byte `from` on, and set `*unit` to the index of its unit,
 * which has its probability index and its tag. Returns the phrase, or the empty run at the end of
 * the text if there is none. The text need not be valid UTF-8. */
struct str phrase_find(const struct dict *dict, struct str text, size_t from, uint32_t *unit);

/* Whether these bytes, at least one, are a phrase. */
bool phrase_exists(const struct dict *dict, struct str word);

#endif
