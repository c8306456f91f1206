/*
 * segment: cuts text into words, exactly as jieba 0.42.1 for Python does, quirks included.
 */
#ifndef JIEBA_SEGMENT_H
#define JIEBA_SEGMENT_H

#include "jieba/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

enum jieba_mode {
    JIEBA_ACCURATE, /* jieba.cut(text, HMM=hmm) */
    JIEBA_FULL,     /* jieba.cut(text, cut_all=True); `hmm` is ignored */
    JIEBA_SEARCH,   /* jieba.cut_for_search(text, HMM=hmm) */
};

/* Takes the next words, in order: runs of bytes in the text or in scratch memory, valid during the
 * call only. A word can be empty (full mode). Returns 0 to go on, -1 to stop. */
typedef int jieba_sink(void *arg, const struct str *words, size_t n);

/* Scratch memory of the segmenter, for one text at a time. It grows with the longest text seen. */
struct jieba *jieba_new(void); /* NULL when memory ran out */
void jieba_free(struct jieba *jieba);

/*
 * Cut `text` and hand its words to `sink` in batches. Returns 0; 1 where the text is no UTF-8
 * (words may have been handed out already), with the place in `err`; -1 with a reason when memory
 * ran out, or as the sink said.
 */
int jieba_cut(struct jieba *jieba, const struct jieba_dict *dict, struct str text,
              enum jieba_mode mode, bool hmm, jieba_sink *sink, void *arg, struct err *err);

#endif
