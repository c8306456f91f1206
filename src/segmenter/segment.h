/*
 * segment: cuts text into words, exactly as jieba 0.42.1 for Python does, quirks included.
 */
#ifndef SEGMENTER_SEGMENT_H
#define SEGMENTER_SEGMENT_H

#include "segmenter/dict.h"
#include "segmenter/word_sink.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>

enum segment_mode {
    SEGMENT_ACCURATE, /* jieba.cut(text, HMM=hmm) */
    SEGMENT_FULL,     /* jieba.cut(text, cut_all=True); `hmm` is ignored */
    SEGMENT_SEARCH,   /* jieba.cut_for_search(text, HMM=hmm) */
};

/* The scratch memory of the segmenter, for one text at a time. It grows with the longest text
 * seen. */
struct segmenter;

/* Returns new scratch memory, or NULL when memory ran out. */
struct segmenter *segmenter_new(void);

/* Free the scratch memory; NULL is allowed. */
void segmenter_free(struct segmenter *seg);

/*
 * Cut `text`, and hand its words to `sink` in batches. Returns 0 on success; 1 if the text is not
 * valid UTF-8, with the position in `err` (the sink may have received words before it); -1 with a
 * reason in `err` if memory ran out or the sink returned -1.
 */
int segmenter_cut(struct segmenter *seg, const struct dict *dict, struct str text,
                  enum segment_mode mode, bool hmm, word_sink *sink, void *arg, struct err *err);

#endif
