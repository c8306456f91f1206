/*
 * tag: cuts text into words with their parts of speech, exactly as jieba.posseg of jieba 0.42.1
 * does. Its words are not always those of segmenter_cut(): posseg has a model of its own, and its
 * blocks end at '%' and '-'.
 *
 * A word of the dictionary has the dictionary's tag, and a word that only the model knows has the
 * model's. In a run that the dictionary does not know, numbers have the tag "m", Latin words "eng",
 * and the rest "x". Every other word has "x".
 */
#ifndef SEGMENTER_TAG_H
#define SEGMENTER_TAG_H

#include "segmenter/segment.h"

/*
 * Cut `text` as jieba.posseg.cut(text, HMM=hmm) does, and hand the words with their tags to `sink`
 * in batches. `seg` is the same scratch memory that segmenter_cut() uses. Returns 0 on success; 1
 * if the text is not valid UTF-8, with the position in `err` (the sink may have received words
 * before it); -1 with a reason in `err` if memory ran out or the sink returned -1.
 */
int segmenter_tag(struct segmenter *seg, const struct dict *dict, struct str text, bool hmm,
                  tagged_word_sink *sink, void *arg, struct err *err);

#endif
