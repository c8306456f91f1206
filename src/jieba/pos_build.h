/*
 * pos_build: compiles posseg's model, row by row, into what jieba/pos.h describes.
 */
#ifndef JIEBA_POS_BUILD_H
#define JIEBA_POS_BUILD_H

#include "jieba/pos.h"
#include "util/err.h"
#include "util/str.h"

/* What a row tells: jieba's prob_start, prob_trans, prob_emit and char_state_tab. */
enum jieba_pos_kind { JIEBA_POS_START, JIEBA_POS_TRANS, JIEBA_POS_EMIT, JIEBA_POS_LIST };

/* A state: its place as a letter, one of B, M, E and S, and its tag. */
struct jieba_pos_name {
    struct str place, tag;
};

struct jieba_pos_row {
    enum jieba_pos_kind kind;
    struct jieba_pos_name state;
    struct jieba_pos_name next; /* JIEBA_POS_TRANS: the state that follows */
    struct str character;       /* JIEBA_POS_EMIT, JIEBA_POS_LIST: one, from U+4E00 to U+9FD5 */
    double log; /* of the probability, not of JIEBA_POS_LIST; see JIEBA_POS_LEAST for low ones */
};

struct jieba_pos_builder;

/* NULL with a reason when memory ran out. */
struct jieba_pos_builder *jieba_pos_builder_new(struct err *err);
void jieba_pos_builder_free(struct jieba_pos_builder *builder);

/*
 * Add a row; it is copied. First come those of JIEBA_POS_START, one for each state that the model
 * has, by their tags in ascending order of the bytes; those of characters come in ascending order
 * of the characters. Returns 0, or -1 with a reason where a row has a state that the model has not,
 * or there is more than fits.
 */
int jieba_pos_builder_add(struct jieba_pos_builder *builder, const struct jieba_pos_row *row,
                          struct err *err);

/* Compile. `pos` then points into memory of the builder; its base is NULL where no row was added.
 * Returns 0 or -1 with a reason. */
int jieba_pos_builder_finish(struct jieba_pos_builder *builder, struct jieba_pos *pos,
                             struct err *err);

#endif
