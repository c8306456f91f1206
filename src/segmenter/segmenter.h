/*
 * scratch: what the parts of the segmenter share while they cut one text. Private to src/segmenter.
 *
 * A text is cut block by block. A block is a longest run of characters that have a label (jieba's
 * re_han_default); each is decoded into `labels` and `offsets`, looked up into `first` and
 * `second`, and then cut by one of the functions below, which speak of characters by their index in
 * the block.
 */
#ifndef SEGMENTER_SEGMENTER_H
#define SEGMENTER_SEGMENTER_H

#include "segmenter/pos.h"
#include "segmenter/segment.h"
#include "segmenter/tag.h"
#include "util/buf.h"
#include "util/utf8.h"

#define OUTPUT_BATCH  256 /* words handed to the sink at once */
#define SEGMENTER_PAD 3   /* characters past a block that may be looked at */

struct segmenter {
    const struct dict *dict;
    bool search; /* give the shorter words inside each word, too */

    const char *block; /* the text of the block */
    size_t n;          /* its characters */

    /* One allocation, with room for `cap` characters each. */
    size_t cap;
    dict_unit *first;  /* [n] of the character alone, 0 where no word begins so */
    dict_unit *second; /* [n] of it and the next one; left out where cut_latin_block() does */
    double *best; /* [n + 1] the best sum of log probabilities from character i to the end of the
                     block */
    uint32_t *offsets; /* [n + 2] the byte at which character i begins, the last one twice */
    uint32_t *ends;    /* [n + 1] the end of the word that begins at i on the best path, then 0 */
    uint16_t *labels;  /* [n + SEGMENTER_PAD] of the characters, then 0 */
    uint8_t *back;     /* [n] hmm.c: the way back; pos_hmm.c: the states */

    struct buf joined; /* full.c: a word that is no run of the text */

    struct pos_columns *columns; /* pos_hmm.c: owned; NULL until it is needed */

    word_sink *sink;            /* of segmenter_cut() */
    tagged_word_sink *tag_sink; /* of segmenter_tag() */
    void *arg;
    int status; /* -1 once the sink has refused */
    size_t n_words;
    struct str words[OUTPUT_BATCH];
    struct str tags[OUTPUT_BATCH]; /* of segmenter_tag() */
};

/* Get ready for another text. Returns 0 or -1 with a reason. */
int segmenter_begin(struct segmenter *seg, const struct dict *dict, struct str text, void *arg,
                    struct err *err);

/* Decode the block that begins at `at`, and look up each character, alone and with the next one;
 * where it ends. Bytes that are no UTF-8 end it, too. */
const char *segmenter_look_up(struct segmenter *seg, const char *at, const char *end);

/* One step of the text between blocks: CR LF, or one character. Returns its bytes, or 0 where it is
 * no UTF-8. */
static inline size_t segmenter_read_gap(const char *at, const char *end, uint32_t *code)
{
    size_t len = utf8_read(at, (size_t)(end - at), code);
    return *code == '\r' && len == 1 && end - at > 1 && at[1] == '\n' ? 2 : len;
}

/* Find for each character of the block the best sum of log probabilities from there to the end
 * (`best`), and the word that it begins with (`ends`). */
void find_best_path(struct segmenter *seg);

/* Hand the words that wait to the sink. */
void output_flush(struct segmenter *seg);

static inline void output_put(struct segmenter *seg, const char *at, size_t len)
{
    seg->words[seg->n_words++] = (struct str){at, len};
    if (seg->n_words == OUTPUT_BATCH)
        output_flush(seg);
}

/* Put the characters [begin, end) of the block as one word, as they are. */
static inline void output_put_range(struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin];
    output_put(seg, seg->block + at, seg->offsets[end] - at);
}

/* Put a word, in search mode after its parts. */
void output_put_parts(struct segmenter *seg, size_t begin, size_t end);

static inline void output_put_word(struct segmenter *seg, size_t begin, size_t end)
{
    if (seg->search && end - begin > 2)
        output_put_parts(seg, begin, end);
    output_put_range(seg, begin, end);
}

/*
 * Cut a block of ASCII in which the dictionary knows no two characters together, as most are: every
 * character is then alone on the best path, and only what joins them again is left to do; by
 * finalseg's rules with `hmm`. Returns whether the block is one.
 */
bool cut_latin_block(struct segmenter *seg, bool hmm);

/* The unit of character i and the next two, 0 where no word begins so. */
static inline dict_unit segmenter_third(const struct segmenter *seg, size_t i)
{
    uint32_t label = seg->labels[i + 2];
    return dict_unit_if(dict_child(seg->dict, seg->second[i], label), label);
}

/* Cut the block; jieba's __cut_DAG, __cut_DAG_NO_HMM and __cut_all. */
void cut_hmm(struct segmenter *seg);
void cut_no_hmm(struct segmenter *seg);
void cut_full(struct segmenter *seg);

/* Cut the characters [begin, end) of the block by the model alone; jieba's finalseg.cut(). */
void cut_by_hmm(struct segmenter *seg, size_t begin, size_t end);

/* Cut characters that are not Chinese: numbers and Latin words, and what is between them as it is;
 * finalseg's re_skip. */
void cut_non_han(struct segmenter *seg, size_t begin, size_t end);

/* Find the likeliest states of the characters [begin, end), Chinese all of them, and put their
 * numbers into `back`; posseg's viterbi(). Returns 0, or -1 when memory ran out. */
int pos_viterbi(struct segmenter *seg, size_t begin, size_t end);

void pos_columns_free(struct pos_columns *columns);

#endif
