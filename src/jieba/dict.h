/*
 * dict: the compiled dictionary and the compiled HMM model, as they lie in the snapshot. Read-only;
 * the memory belongs to whoever mapped or built it.
 */
#ifndef JIEBA_DICT_H
#define JIEBA_DICT_H

#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Only characters that jieba's re_han_default takes can be part of a dictionary look-up: each has a
 * label. 0 means any other character, 1 to 10 are the digits, up to 62 the letters, up to 69 the
 * signs +#&._%- of the class; then come U+4E00 to U+9FD5 in their order.
 */
#define JIEBA_DIGIT_LABELS 10
#define JIEBA_ALNUM_LABELS 62
#define JIEBA_ASCII_LABELS 69
#define JIEBA_FIRST_HAN    0x4E00u
#define JIEBA_LAST_HAN     0x9FD5u
#define JIEBA_HAN_COUNT    (JIEBA_LAST_HAN - JIEBA_FIRST_HAN + 1)
#define JIEBA_HAN_LABEL    (JIEBA_ASCII_LABELS + 1)
#define JIEBA_LABELS       (JIEBA_HAN_LABEL + JIEBA_HAN_COUNT) /* one more than the last label */

#define JIEBA_PHRASE_LABELS 257 /* the same for phrases, where a label is a byte plus 1 */

/* The label of an ASCII byte, 0 for those outside of the class. */
extern const uint8_t jieba_ascii_label[128];

/* The label of a code point, or 0. */
static inline uint32_t jieba_label(uint32_t code)
{
    if (code < 128)
        return jieba_ascii_label[code];
    uint32_t han = code - JIEBA_FIRST_HAN;
    return han < JIEBA_HAN_COUNT ? han + JIEBA_HAN_LABEL : 0;
}

/* Label 0 is no child of any node: a scan of labels may end with it. */
#define JIEBA_NO_LABEL 0xFFFFu /* the label of a unit that is no node's child; no text has it */

static inline int jieba_is_digit(uint32_t label)
{
    return label - 1 < JIEBA_DIGIT_LABELS;
}

static inline int jieba_is_alnum(uint32_t label)
{
    return label - 1 < JIEBA_ALNUM_LABELS;
}

static inline int jieba_is_han(uint32_t label)
{
    return label >= JIEBA_HAN_LABEL;
}

/*
 * A unit of the double array (Aoe 1989, with the label for a check, as darts-clone has it: no two
 * nodes share a base, so that a label alone proves whose child a unit is). The child of a node by
 * label l is the unit at index base + l if that unit's label is l. A node without children has base
 * 0.
 *
 *   bits 0-15 label, 16-39 cost (index into costs; 0: a prefix, not a word), 40-63 base
 */
typedef uint64_t jieba_unit;

#define JIEBA_MAX_BASE (1u << 24)
#define JIEBA_MAX_COST (1u << 24)

#define JIEBA_COST_OF_ONE 1 /* the cost index of freq 1, which a character that is no word has */

static inline uint32_t jieba_unit_label(jieba_unit unit)
{
    return (uint32_t)(unit & 0xFFFF);
}

static inline uint32_t jieba_unit_cost(jieba_unit unit)
{
    return (uint32_t)(unit >> 16 & 0xFFFFFF);
}

static inline uint32_t jieba_unit_base(jieba_unit unit)
{
    return (uint32_t)(unit >> 40);
}

static inline jieba_unit jieba_unit_make(uint32_t label, uint32_t cost, uint32_t base)
{
    return (jieba_unit)label | (jieba_unit)cost << 16 | (jieba_unit)base << 40;
}

enum jieba_state { JIEBA_B, JIEBA_M, JIEBA_E, JIEBA_S, JIEBA_STATES };

/* What jieba's finalseg takes for the logarithm of zero. */
#define JIEBA_MIN_FLOAT (-3.14e100)

/* finalseg's model: natural logarithms of probabilities, JIEBA_MIN_FLOAT where the model has none.
 */
struct jieba_hmm {
    double start[JIEBA_STATES];
    double trans[JIEBA_STATES][JIEBA_STATES]; /* [from][to] */
    double emit[JIEBA_HAN_COUNT][JIEBA_STATES];
};

/* The name of a tag, which is a part of speech: ASCII, with NUL behind it up to the size. */
#define JIEBA_TAG_SIZE 16

struct jieba_tag_name {
    char text[JIEBA_TAG_SIZE];
};

/* The name, borrowed from where it lies. */
static inline struct str jieba_tag_str(const struct jieba_tag_name *name)
{
    return (struct str){name->text, strnlen(name->text, JIEBA_TAG_SIZE)};
}

/* posseg's model; see jieba/pos.h. */
struct jieba_pos {
    const struct jieba_pos_base *base;
    const uint32_t *entries;
    uint32_t n_entries;
    const double *logs; /* [0] is JIEBA_MIN_FLOAT */
    uint32_t n_logs;
};

struct jieba_dict {
    const jieba_unit *units; /* the root is unit 0 */
    uint32_t n_units; /* at least every base in use + JIEBA_LABELS, so that no index is outside */
    const double *costs;       /* log(freq) - log(total) by cost index; [0], for no word, is -inf */
    const int64_t *freqs;      /* the frequencies themselves; [0] is the total */
    uint32_t n_costs;          /* of both */
    uint32_t n_phrases;        /* 0 where there is none */
    const jieba_unit *phrases; /* words with spaces and symbols, see phrases.h */
    const uint16_t *phrase_tags; /* [n_phrases] as tags */
    const struct jieba_hmm *hmm;
    const uint16_t *tags;                   /* [n_units] of the words, as numbers of their names */
    const struct jieba_tag_name *tag_names; /* [0] is "x", for words without a tag */
    uint32_t n_tags;
    struct jieba_pos pos; /* base is NULL where there is no model */
};

/* The child of `node` by a label, or a unit with another label where there is none. */
static inline jieba_unit jieba_child(const struct jieba_dict *dict, jieba_unit node, uint32_t label)
{
    return dict->units[jieba_unit_base(node) + label];
}

/* The unit if it has the label, else 0, which is a node without a word and without children. No
 * branch: text is no pattern that a processor could predict. */
static inline jieba_unit jieba_unit_if(jieba_unit unit, uint32_t label)
{
    return unit & -(jieba_unit)(jieba_unit_label(unit) == label);
}

/* The cost index of the word that the `n` labels spell, n >= 1; 0 where they are no word. */
static inline uint32_t jieba_find(const struct jieba_dict *dict, const uint16_t *labels, size_t n)
{
    jieba_unit node = dict->units[0];
    for (size_t i = 0; i < n; i++) {
        node = jieba_child(dict, node, labels[i]);
        if (jieba_unit_label(node) != labels[i])
            return 0;
    }
    return jieba_unit_cost(node);
}

/* The tag of the word that the `n` labels spell, n >= 1, borrowed from the dictionary; "x" where it
 * has none. */
static inline struct str jieba_find_tag(const struct jieba_dict *dict, const uint16_t *labels,
                                        size_t n)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < n; i++) {
        unit = jieba_unit_base(dict->units[unit]) + labels[i];
        if (jieba_unit_label(dict->units[unit]) != labels[i])
            return jieba_tag_str(&dict->tag_names[0]);
    }
    return jieba_tag_str(&dict->tag_names[dict->tags[unit]]);
}

#endif
