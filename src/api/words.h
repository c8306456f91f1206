/*
 * words: what a text is cut into, as JSON: its words, and, where asked for, their parts of speech
 * and where they stand in the text.
 */
#ifndef API_WORDS_H
#define API_WORDS_H

#include "api/handler.h"

struct words_options {
    enum segment_mode mode;
    bool hmm;
    bool pos;     /* words and tags of jieba.posseg; with SEGMENT_ACCURATE only */
    bool offsets; /* [begin, end] of each word in code points; not with SEGMENT_FULL */
};

/* What is wrong with options that do not go together, or NULL. */
const char *words_conflict(const struct words_options *options);

/*
 * Append the members of an object, `"words": [...]`, and then `, "tags": [...]` and
 * `, "offsets": [...]` where they are asked for. Returns 0; 1 where the text is no UTF-8, and then
 * half of it may have been appended; -1 with a reason when memory ran out. Want of memory for `out`
 * is remembered in it alone.
 */
int words_add(struct api *api, struct str text, const struct words_options *options,
              struct buf *out, struct err *err);

#endif
