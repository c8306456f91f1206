/*
 * pos_builder: compiles the rows of posseg's model into a `struct pos_model` (see segmenter/pos.h).
 */
#ifndef LEXICON_POS_BUILDER_H
#define LEXICON_POS_BUILDER_H

#include "segmenter/pos.h"
#include "util/err.h"
#include "util/str.h"

/* The table of jieba that a row belongs to: prob_start, prob_trans, prob_emit or char_state_tab. */
enum pos_row_kind { POS_ROW_START, POS_ROW_TRANS, POS_ROW_EMIT, POS_ROW_LIST };

/* The name of a state: its place, one of the letters B, M, E and S, and its tag. */
struct pos_name {
    struct str place, tag;
};

struct pos_row {
    enum pos_row_kind kind;
    struct pos_name state;
    struct pos_name next; /* POS_ROW_TRANS: the next state. */
    struct str character; /* POS_ROW_EMIT, POS_ROW_LIST: a character from U+4E00 to U+9FD5. */
    double log;           /* Not POS_ROW_LIST: the logarithm of the probability; see POS_MIN_LOG. */
};

struct pos_builder;

/* Return a new builder, or NULL with a reason. */
struct pos_builder *pos_builder_new(struct err *err);

/* Free the builder with the memory of its model; NULL is allowed. */
void pos_builder_free(struct pos_builder *builder);

/*
 * Add a row, which is copied. The rows of POS_ROW_START are added first: one for each state of the
 * model, in ascending order of the tags' bytes. The rows with a character are added in ascending
 * order of the characters. Returns 0; or -1 with a reason if the row has a state that the model
 * does not have, if it is out of order, or if there is no room for it.
 */
int pos_builder_add(struct pos_builder *builder, const struct pos_row *row, struct err *err);

/* Compile the rows into `*pos`, which then points to memory of the builder; `pos->base` is NULL if
 * no row was added. Returns 0 or -1 with a reason. */
int pos_builder_finish(struct pos_builder *builder, struct pos_model *pos, struct err *err);

#endif
