/*
 * compile_parts: compiles each part of the store into the sections of a snapshot. Private to
 * src/store.
 */
#ifndef STORE_COMPILE_PARTS_H
#define STORE_COMPILE_PARTS_H

#include "lexicon/dict_builder.h"
#include "lexicon/pos_builder.h"
#include "lexicon/word_table_builder.h"
#include "snapshot/content.h"
#include "store/db.h"
#include "util/buf.h"

/* The memory that compiled sections lie in. A zeroed struct holds none. */
struct compiled {
    const struct snapshot *old; /* The previous snapshot, whose rows were checked; or closed. */

    struct dict_builder *dict;                 /* The words. */
    struct hmm_model *hmm;                     /* The model of words. */
    struct pos_builder *pos;                   /* The model of parts of speech. */
    struct buf ends, text, lists, choices;     /* The images. */
    struct snapshot_image_settings settings;   /* Their settings. */
    struct buf values;                         /* The inverse document frequencies. */
    struct word_table_builder idf, stop_words; /* The words of keywords. */
};

/* Compile one part of the store. store_check_rows() has accepted its rows, except that compile_words() and
 * compile_keywords() check those words that the previous snapshot does not have. Sets the fields of that
 * part's sections in `snapshot`, which then point into `compiled`. Returns 0 or -1 with a reason. */
typedef int compile_part(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                         struct err *err);

compile_part compile_words;    /* compile_words.c */
compile_part compile_model;    /* compile_model.c */
compile_part compile_images;   /* compile_images.c */
compile_part compile_keywords; /* compile_keywords.c */

#endif
