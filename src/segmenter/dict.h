/*
 * dict: the compiled dictionary and the compiled HMM model, as they lie in the snapshot. Read-only;
 * the memory belongs to whoever mapped or built it.
 */
#ifndef SEGMENTER_DICT_H
#define SEGMENTER_DICT_H

#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Only characters that jieba's re_han_default takes can be part of a dictionary look-up: each has a
 * label. 0 means any other character, 1 to 10 are the digits, up to 62 the letters, up to 69 the
 * signs +#&._%- of the class; then come U+4E00 to U+9FD5 in their order.
 */
#define DICT_DIGIT_LABELS 10
#define DICT_ALNUM_LABELS 62
#define DICT_ASCII_LABELS 69
#define DICT_FIRST_HAN    0x4E00u
#define DICT_LAST_HAN     0x9FD5u
#define DICT_HAN_COUNT    (DICT_LAST_HAN - DICT_FIRST_HAN + 1)
#define DICT_HAN_LABEL    (DICT_ASCII_LABELS + 1)
#define DICT_LABELS       (DICT_HAN_LABEL + DICT_HAN_COUNT) /* one more than the last label */

#define DICT_PHRASE_LABELS 257 /* the same for phrases, where a label is a byte plus 1 */

/* The label of an ASCII byte, 0 for those outside of the class. */
extern const uint8_t dict_ascii_label[128];

/* The label of a code point, or 0. */
static inline uint32_t dict_label(uint32_t code)
{
    if (code < 128)
        return dict_ascii_label[code];
    uint32_t han = code - DICT_FIRST_HAN;
    return han < DICT_HAN_COUNT ? han + DICT_HAN_LABEL : 0;
}

/* Label 0 is no child of any node: a scan of labels may end with it. */
#define DICT_NO_LABEL 0xFFFFu /* the label of a unit that is no node's child; no text has it */

static inline int label_is_digit(uint32_t label)
{
    return label - 1 < DICT_DIGIT_LABELS;
}

static inline int label_is_alnum(uint32_t label)
{
    return label - 1 < DICT_ALNUM_LABELS;
}

static inline int label_is_han(uint32_t label)
{
    return label >= DICT_HAN_LABEL;
}

/*
 * A unit of the double array (Aoe 1989, with the label for a check, as darts-clone has it: no two
 * nodes share a base, so that a label alone proves whose child a unit is). The child of a node by
 * label l is the unit at index base + l if that unit's label is l. A node without children has base
 * 0.
 *
 *   bits 0-15 label, 16-39 prob (index into log_probs; 0: a prefix, not a word), 40-63 base
 */
typedef uint64_t dict_unit;

#define DICT_MAX_BASE  (1u << 24)
#define DICT_MAX_PROBS (1u << 24)

#define DICT_PROB_OF_ONE                                                                           \
    1 /* the probability index of freq 1, which a character that is no word has */

static inline uint32_t dict_unit_label(dict_unit unit)
{
    return (uint32_t)(unit & 0xFFFF);
}

static inline uint32_t dict_unit_prob(dict_unit unit)
{
    return (uint32_t)(unit >> 16 & 0xFFFFFF);
}

static inline uint32_t dict_unit_base(dict_unit unit)
{
    return (uint32_t)(unit >> 40);
}

static inline dict_unit dict_unit_make(uint32_t label, uint32_t prob, uint32_t base)
{
    return (dict_unit)label | (dict_unit)prob << 16 | (dict_unit)base << 40;
}

enum hmm_state { HMM_B, HMM_M, HMM_E, HMM_S, HMM_STATES };

/* What jieba's finalseg takes for the logarithm of zero. */
#define LOG_ZERO (-3.14e100)

/* finalseg's model: natural logarithms of probabilities, LOG_ZERO where the model has none.
 */
struct hmm_model {
    double start[HMM_STATES];
    double trans[HMM_STATES][HMM_STATES]; /* [from][to] */
    double emit[DICT_HAN_COUNT][HMM_STATES];
};

/* The name of a tag, which is a part of speech: ASCII, with NUL behind it up to the size. */
#define TAG_SIZE 16

struct tag_name {
    char text[TAG_SIZE];
};

/* The name, borrowed from where it lies. */
static inline struct str tag_str(const struct tag_name *name)
{
    return (struct str){name->text, strnlen(name->text, TAG_SIZE)};
}

/* posseg's model; see segmenter/pos.h. */
struct pos_model {
    const struct pos_base *base;
    const uint32_t *entries;
    uint32_t n_entries;
    const double *logs; /* [0] is LOG_ZERO */
    uint32_t n_logs;
};

struct dict {
    const dict_unit *units; /* the root is unit 0 */
    uint32_t n_units; /* at least every base in use + DICT_LABELS, so that no index is outside */
    const double
        *log_probs; /* log(freq) - log(total) by probability index; [0], for no word, is -inf */
    const int64_t *freqs;        /* the frequencies themselves; [0] is the total */
    uint32_t n_probs;            /* of both */
    uint32_t n_phrases;          /* 0 where there is none */
    const dict_unit *phrases;    /* words with spaces and symbols, see phrases.h */
    const uint16_t *phrase_tags; /* [n_phrases] as tags */
    const struct hmm_model *hmm;
    const uint16_t *tags;             /* [n_units] of the words, as numbers of their names */
    const struct tag_name *tag_names; /* [0] is "x", for words without a tag */
    uint32_t n_tags;
    struct pos_model pos; /* base is NULL where there is no model */
};

/* The child of `node` by a label, or a unit with another label where there is none. */
static inline dict_unit dict_child(const struct dict *dict, dict_unit node, uint32_t label)
{
    return dict->units[dict_unit_base(node) + label];
}

/* The unit if it has the label, else 0, which is a node without a word and without children. No
 * branch: text is no pattern that a processor could predict. */
static inline dict_unit dict_unit_if(dict_unit unit, uint32_t label)
{
    return unit & -(dict_unit)(dict_unit_label(unit) == label);
}

/* The probability index of the word that the `n` labels spell, n >= 1; 0 where they are no word. */
static inline uint32_t dict_find(const struct dict *dict, const uint16_t *labels, size_t n)
{
    dict_unit node = dict->units[0];
    for (size_t i = 0; i < n; i++) {
        node = dict_child(dict, node, labels[i]);
        if (dict_unit_label(node) != labels[i])
            return 0;
    }
    return dict_unit_prob(node);
}

/* The tag of the word that the `n` labels spell, n >= 1, borrowed from the dictionary; "x" where it
 * has none. */
static inline struct str dict_find_tag(const struct dict *dict, const uint16_t *labels, size_t n)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < n; i++) {
        unit = dict_unit_base(dict->units[unit]) + labels[i];
        if (dict_unit_label(dict->units[unit]) != labels[i])
            return tag_str(&dict->tag_names[0]);
    }
    return tag_str(&dict->tag_names[dict->tags[unit]]);
}

#endif
