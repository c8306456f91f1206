/*
 * segment: cuts text into words, exactly as jieba 0.42.1 for Python does, quirks included.
 */
#ifndef SEGMENTER_SEGMENT_H
#define SEGMENTER_SEGMENT_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

enum segment_mode {
    SEGMENT_ACCURATE, /* jieba.cut(text, HMM=hmm) */
    SEGMENT_FULL,     /* jieba.cut(text, cut_all=True); `hmm` is ignored */
    SEGMENT_SEARCH,   /* jieba.cut_for_search(text, HMM=hmm) */
};

/* Takes the next words, in order: runs of bytes in the text or in scratch memory, valid during the
 * call only. A word can be empty (full mode). Returns 0 to go on, -1 to stop. */
typedef int word_sink(void *arg, const struct str *words, size_t n);

/* Scratch memory of the segmenter, for one text at a time. It grows with the longest text seen. */
struct segmenter *segmenter_new(void); /* NULL when memory ran out */
void segmenter_free(struct segmenter *seg);

/*
 * Cut `text` and hand its words to `sink` in batches. Returns 0; 1 where the text is no UTF-8
 * (words may have been handed out already), with the place in `err`; -1 with a reason when memory
 * ran out, or as the sink said.
 */
int segmenter_cut(struct segmenter *seg, const struct dict *dict, struct str text,
                  enum segment_mode mode, bool hmm, word_sink *sink, void *arg, struct err *err);

#endif
