/*
 * explain: shows why accurate mode cuts a text into its words: the word graph of each block, the
 * best path through it, what the model made of the single characters on that path, where each word
 * comes from, and which changes of the dictionary would give other words.
 *
 * The words are those of segmenter_cut(). The explanation computes them again, slowly and step by
 * step as jieba does, so that the segmenter stays as fast as it is. It tries out each suggestion:
 * it cuts the block again with the one word changed.
 */
#ifndef SEGMENTER_EXPLAIN_H
#define SEGMENTER_EXPLAIN_H

#include "segmenter/dict.h"
#include "segmenter/explain_part.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>

/* Receives the parts of a text in order; they are valid during the call only. */
typedef void explain_sink(void *arg, const struct explain_part *part);

/* Explain how `text`, valid UTF-8 of at most EXPLAIN_MAX characters, is cut. Returns 0, or -1 with
 * a reason. */
int explain_text(const struct dict *dict, struct str text, bool hmm, explain_sink *sink, void *arg,
                 struct err *err);

#endif
