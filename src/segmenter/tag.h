/*
 * tag: cuts text into words with their parts of speech, exactly as jieba.posseg of jieba 0.42.1
 * does. Its words are not always those of segmenter_cut(): its model is another one, and it takes
 * no word across '%' or '-'.
 *
 * A tag is that of the dictionary's word; for a word that only the model knows, the model's; "m",
 * "eng" or "x" for numbers, Latin words and what else there is in a run that the dictionary does
 * not know; "x" for all that has none.
 */
#ifndef SEGMENTER_TAG_H
#define SEGMENTER_TAG_H

#include "segmenter/segment.h"

/* Takes the next words, in order, and the tag of each: runs of bytes in the text; the tags lie in
 * the dictionary or are static. All words together are the text, none is empty. Returns 0 to go on,
 * -1 to stop. */
typedef int tagged_word_sink(void *arg, const struct str *words, const struct str *tags, size_t n);

/*
 * Cut `text` as jieba.posseg.cut(text, HMM=hmm) does, and hand words and tags to `sink` in batches.
 * `jieba` is the scratch memory that segmenter_cut() takes. Returns 0; 1 where the text is no UTF-8
 * (words may have been handed out already), with the place in `err`; -1 with a reason when memory
 * ran out, or as the sink said.
 */
int segmenter_tag(struct segmenter *seg, const struct dict *dict, struct str text, bool hmm,
                  tagged_word_sink *sink, void *arg, struct err *err);

#endif
