/*
 * phrases: finds the words with spaces and symbols ("New York", "4×4", "Wi-Fi") in a text. Private to
 * src/segmenter.
 *
 * Jieba has one rule for each kind of them. Its look-ups never reach words with most symbols, since its
 * blocks end there. A word with one of the signs +#&._%- can be found by accurate and search mode, if the
 * best path has it; not by full mode, nor with '%' or '-' by posseg. Where the dictionary has phrases, which
 * is where the store has words_with_symbols switched on, one rule holds instead, in all modes, with tags and
 * for keywords: each word that is not of Chinese characters, letters and digits alone is a phrase.
 *
 * The segmenter looks for phrases before it cuts anything else, from left to right, the longest
 * first. Each phrase is one word, whatever its frequency, unless that is 0; the text between two phrases is
 * cut by jieba's rules as a text of its own. A phrase matches byte for byte. If it begins or ends with an
 * ASCII letter or digit, it does not match next to another one: "New York" is not found in "New Yorker".
 * Search mode puts the words of two and three characters inside a phrase before the phrase, as
 * jieba does for any word.
 *
 * Phrases lie in a double array of their own (see dict.h), in which the label of a byte is its
 * value plus 1. Its probability indexes are those of the dictionary. `dict->n_phrases` is 0 where the
 * switch is off: the segmenter asks once a text.
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

/* Whether `word`, a run of bytes of `text`, would be found there as a phrase if it were one. */
bool phrase_would_match(const struct dict *dict, struct str text, struct str word);

/* Whether these bytes, at least one, are a phrase. */
bool phrase_exists(const struct dict *dict, struct str word);

#endif
