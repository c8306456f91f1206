/*
 * scratch: what the parts of the segmenter share while they cut one text. Private to src/jieba.
 *
 * A text is cut block by block. A block is a longest run of characters that have a label (jieba's
 * re_han_default); each is decoded into `labels` and `offsets`, looked up into `first` and
 * `second`, and then cut by one of the functions below, which speak of characters by their index in
 * the block.
 */
#ifndef JIEBA_SCRATCH_H
#define JIEBA_SCRATCH_H

#include "jieba/pos.h"
#include "jieba/segment.h"
#include "jieba/tag.h"
#include "util/buf.h"
#include "util/utf8.h"

#define JIEBA_BATCH 256 /* words handed to the sink at once */
#define JIEBA_PAD   3   /* characters past a block that may be looked at */

struct jieba {
    const struct jieba_dict *dict;
    bool search; /* give the shorter words inside each word, too */

    const char *block; /* the text of the block */
    size_t n;          /* its characters */

    /* One allocation, with room for `cap` characters each. */
    size_t cap;
    jieba_unit *first;  /* [n] of the character alone, 0 where no word begins so */
    jieba_unit *second; /* [n] of it and the next one; left out where jieba_cut_latin() does */
    double *route;      /* [n + 1] the best sum of costs from character i to the end of the block */
    uint32_t *offsets;  /* [n + 2] the byte at which character i begins, the last one twice */
    uint32_t *ends;     /* [n + 1] the end of the word that begins at i on the best route, then 0 */
    uint16_t *labels;   /* [n + JIEBA_PAD] of the characters, then 0 */
    uint8_t *back;      /* [n] hmm.c: the way back; pos_hmm.c: the states */

    struct buf joined; /* full.c: a word that is no run of the text */

    struct jieba_columns *columns; /* pos_hmm.c: owned; NULL until it is needed */

    jieba_sink *sink;         /* of jieba_cut() */
    jieba_tag_sink *tag_sink; /* of jieba_tag() */
    void *arg;
    int status; /* -1 once the sink has refused */
    size_t n_words;
    struct str words[JIEBA_BATCH];
    struct str tags[JIEBA_BATCH]; /* of jieba_tag() */
};

/* Get ready for another text. Returns 0 or -1 with a reason. */
int jieba_begin(struct jieba *jieba, const struct jieba_dict *dict, struct str text, void *arg,
                struct err *err);

/* Decode the block that begins at `at`, and look up each character, alone and with the next one;
 * where it ends. Bytes that are no UTF-8 end it, too. */
const char *jieba_look_up(struct jieba *jieba, const char *at, const char *end);

/* One step of the text between blocks: CR LF, or one character. Returns its bytes, or 0 where it is
 * no UTF-8. */
static inline size_t jieba_read_other(const char *at, const char *end, uint32_t *code)
{
    size_t len = utf8_read(at, (size_t)(end - at), code);
    return *code == '\r' && len == 1 && end - at > 1 && at[1] == '\n' ? 2 : len;
}

/* Find for each character of the block the best sum of costs from there to the end (`route`), and
 * the word that it begins with (`ends`). */
void jieba_find_route(struct jieba *jieba);

/* Hand the words that wait to the sink. */
void jieba_flush(struct jieba *jieba);

static inline void jieba_put(struct jieba *jieba, const char *at, size_t len)
{
    jieba->words[jieba->n_words++] = (struct str){at, len};
    if (jieba->n_words == JIEBA_BATCH)
        jieba_flush(jieba);
}

/* Put the characters [begin, end) of the block as one word, as they are. */
static inline void jieba_put_range(struct jieba *jieba, size_t begin, size_t end)
{
    uint32_t at = jieba->offsets[begin];
    jieba_put(jieba, jieba->block + at, jieba->offsets[end] - at);
}

/* Put a word, in search mode after its parts. */
void jieba_put_parts(struct jieba *jieba, size_t begin, size_t end);

static inline void jieba_put_word(struct jieba *jieba, size_t begin, size_t end)
{
    if (jieba->search && end - begin > 2)
        jieba_put_parts(jieba, begin, end);
    jieba_put_range(jieba, begin, end);
}

/*
 * Cut a block of ASCII in which the dictionary knows no two characters together, as most are: every
 * character is then alone on the route, and only what joins them again is left to do; by finalseg's
 * rules with `hmm`. Returns whether the block is one.
 */
bool jieba_cut_latin(struct jieba *jieba, bool hmm);

/* The unit of character i and the next two, 0 where no word begins so. */
static inline jieba_unit jieba_third(const struct jieba *jieba, size_t i)
{
    uint32_t label = jieba->labels[i + 2];
    return jieba_unit_if(jieba_child(jieba->dict, jieba->second[i], label), label);
}

/* Cut the block; jieba's __cut_DAG, __cut_DAG_NO_HMM and __cut_all. */
void jieba_cut_hmm(struct jieba *jieba);
void jieba_cut_no_hmm(struct jieba *jieba);
void jieba_cut_full(struct jieba *jieba);

/* Cut the characters [begin, end) of the block by the model alone; jieba's finalseg.cut(). */
void jieba_cut_by_model(struct jieba *jieba, size_t begin, size_t end);

/* Cut characters that are not Chinese: numbers and Latin words, and what is between them as it is;
 * finalseg's re_skip. */
void jieba_cut_numbers(struct jieba *jieba, size_t begin, size_t end);

/* Find the likeliest states of the characters [begin, end), Chinese all of them, and put their
 * numbers into `back`; posseg's viterbi(). Returns 0, or -1 when memory ran out. */
int jieba_find_states(struct jieba *jieba, size_t begin, size_t end);

void jieba_columns_free(struct jieba_columns *columns);

#endif
