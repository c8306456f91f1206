/*
 * words: writes the words of a text as JSON, on request with their parts of speech and positions.
 */
#ifndef API_WORDS_H
#define API_WORDS_H

#include "api/handler.h"

struct words_options {
    enum segment_mode mode;
    bool hmm;
    bool pos;     /* Whether to add tags, for the words of jieba.posseg; needs SEGMENT_ACCURATE. */
    bool offsets; /* Whether to add [begin, end] in code points; not with SEGMENT_FULL. */
};

/* Return the refusal of options that cannot be combined, or REFUSE_NOTHING. */
enum refusal words_conflict(const struct words_options *options);

/*
 * Append the members of a JSON object: `"words": [...]`, then `, "tags": [...]` and
 * `, "offsets": [...]` where the options want them. Returns 0; 1 where the text is not UTF-8, when
 * `out` may have half of the members; -1 with a reason when memory runs out. If memory runs out for
 * `out` alone, only out->failed shows it.
 */
int words_add(struct api *api, struct str text, const struct words_options *options,
              struct buf *out, struct err *err);

#endif
