/*
 * pos_build: compiles posseg's model, row by row, into what segmenter/pos.h describes.
 */
#ifndef LEXICON_POS_BUILDER_H
#define LEXICON_POS_BUILDER_H

#include "segmenter/pos.h"
#include "util/err.h"
#include "util/str.h"

/* What a row tells: jieba's prob_start, prob_trans, prob_emit and char_state_tab. */
enum pos_row_kind { POS_ROW_START, POS_ROW_TRANS, POS_ROW_EMIT, POS_ROW_LIST };

/* A state: its place as a letter, one of B, M, E and S, and its tag. */
struct pos_name {
    struct str place, tag;
};

struct pos_row {
    enum pos_row_kind kind;
    struct pos_name state;
    struct pos_name next; /* POS_ROW_TRANS: the state that follows */
    struct str character; /* POS_ROW_EMIT, POS_ROW_LIST: one, from U+4E00 to U+9FD5 */
    double log; /* of the probability, not of POS_ROW_LIST; see POS_MIN_LOG for low ones */
};

struct pos_builder;

/* NULL with a reason when memory ran out. */
struct pos_builder *pos_builder_new(struct err *err);
void pos_builder_free(struct pos_builder *builder);

/*
 * Add a row; it is copied. First come those of POS_ROW_START, one for each state that the model
 * has, by their tags in ascending order of the bytes; those of characters come in ascending order
 * of the characters. Returns 0, or -1 with a reason where a row has a state that the model has not,
 * or there is more than fits.
 */
int pos_builder_add(struct pos_builder *builder, const struct pos_row *row, struct err *err);

/* Compile. `pos` then points into memory of the builder; its base is NULL where no row was added.
 * Returns 0 or -1 with a reason. */
int pos_builder_finish(struct pos_builder *builder, struct pos_model *pos, struct err *err);

#endif
