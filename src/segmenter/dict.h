/*
 * dict: the compiled dictionary and the compiled hidden Markov models, as they lie in the snapshot.
 * Read-only; the memory belongs to the snapshot or to the builder (lexicon/dict_builder.h).
 *
 * The dictionary is a trie of labels, laid out as a double array of units. A unit that is a word
 * has a probability index.
 */
#ifndef SEGMENTER_DICT_H
#define SEGMENTER_DICT_H

#include "segmenter/word_table.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Only the characters of jieba's re_han_default can be part of a look-up; each has a label. Labels
 * 1 to 10 are the digits, then to 62 the letters, then to 69 the signs +#&._%-, and then U+4E00 to
 * U+9FD5 in their order. Any other character has the label 0.
 */
#define DICT_DIGIT_LABELS 10
#define DICT_ALNUM_LABELS 62
#define DICT_ASCII_LABELS 69
#define DICT_FIRST_HAN    0x4E00u
#define DICT_LAST_HAN     0x9FD5u
#define DICT_HAN_COUNT    (DICT_LAST_HAN - DICT_FIRST_HAN + 1)
#define DICT_HAN_LABEL    (DICT_ASCII_LABELS + 1)
#define DICT_LABELS       (DICT_HAN_LABEL + DICT_HAN_COUNT) /* One more than the last label. */

#define DICT_PHRASE_LABELS 257 /* One more than the last label of phrases; see phrases.h. */

/* The label of each ASCII character, or 0. */
extern const uint8_t dict_ascii_label[128];

/* Return the label of a code point, or 0. */
static inline uint32_t dict_label(uint32_t code)
{
    if (code < 128)
        return dict_ascii_label[code];
    uint32_t han = code - DICT_FIRST_HAN;
    return han < DICT_HAN_COUNT ? han + DICT_HAN_LABEL : 0;
}

/* The label of a unit that is not the child of any node. No text has it. Label 0 is not the child
 * of any node either, so that a walk ends at it. */
#define DICT_NO_LABEL 0xFFFFu

static inline int label_is_digit(uint32_t label)
{
    return label - 1 < DICT_DIGIT_LABELS;
}

static inline int label_is_alnum(uint32_t label)
{
    return label - 1 < DICT_ALNUM_LABELS;
}

/* Whether the label is one of +#&._%-. */
static inline int label_is_sign(uint32_t label)
{
    return label - DICT_ALNUM_LABELS - 1 < DICT_ASCII_LABELS - DICT_ALNUM_LABELS;
}

static inline int label_is_han(uint32_t label)
{
    return label >= DICT_HAN_LABEL;
}

/*
 * A unit of the double array (Aoe 1989; with the label as the check, as in darts-clone). The child
 * of a node by label l is the unit at index base + l, if the label of that unit is l. No two nodes
 * have the same base, so that the label alone shows whose child a unit is. The base of a node
 * without children is 0.
 *
 * A probability index stands for one frequency: words with the same frequency share it, and with it
 * one entry of `log_probs` and `freqs`. Index 0 means that the unit is not a word, only a prefix of
 * words.
 *
 *   bits 0-15 the label, 16-39 the probability index, 40-63 the base
 */
typedef uint64_t dict_unit;

#define DICT_MAX_BASE  (1u << 24)
#define DICT_MAX_PROBS (1u << 24)

/* The probability index of the frequency 1, which a character that is not a word has. */
#define DICT_PROB_OF_ONE 1

static inline uint32_t dict_unit_label(dict_unit unit)
{
    return (uint32_t)(unit & 0xFFFF);
}

/* The probability index of the unit. */
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

/* Where a character is in its word: at the beginning, in the middle, at the end; or it is
 * single. */
enum hmm_state { HMM_B, HMM_M, HMM_E, HMM_S, HMM_STATES };

/* The number that jieba's finalseg uses as the logarithm of zero. */
#define LOG_ZERO (-3.14e100)

/* finalseg's model: natural logarithms of probabilities; LOG_ZERO if jieba's model has none. */
struct hmm_model {
    double start[HMM_STATES];
    double trans[HMM_STATES][HMM_STATES]; /* [from][to] */
    double emit[DICT_HAN_COUNT][HMM_STATES];
};

#define TAG_SIZE 16 /* The most characters of a tag; the store has the same limit. */

/* A tag, the name of a part of speech: printable ASCII, padded with NUL. */
struct tag_name {
    char text[TAG_SIZE];
};

/* Return a tag as text, which is borrowed. */
static inline struct str tag_str(const struct tag_name *name)
{
    return (struct str){name->text, strnlen(name->text, TAG_SIZE)};
}

/* posseg's model; see pos.h. */
struct pos_model {
    const struct pos_base *base; /* NULL if there is no model. */
    const uint32_t *entries;     /* [n_entries] */
    uint32_t n_entries;
    const double *logs; /* [n_logs] What the entries refer to; LOG_ZERO at 0. */
    uint32_t n_logs;
};

struct dict {
    const dict_unit *units; /* [n_units] The root is unit 0. */
    uint32_t n_units;       /* At least the highest base + DICT_LABELS: no child is outside. */

    /* By probability index. */
    const double *log_probs; /* [n_probs] log(frequency) - log(total); -inf at 0. */
    const int64_t *freqs;    /* [n_probs] The frequencies; the total, of all words, at 0. */
    uint32_t n_probs;

    const dict_unit *phrases;    /* [n_phrases] The units of words with symbols; see phrases.h. */
    const uint16_t *phrase_tags; /* [n_phrases] As `tags`. */
    uint32_t n_phrases;          /* 0 if words with symbols are no phrases. */

    struct word_table forbidden; /* The words that the model must not find, each with 0. */

    const uint16_t *tags;             /* [n_units] The tag of each word, by index. */
    const struct tag_name *tag_names; /* [n_tags] "x", for words without a tag, at 0. */
    uint32_t n_tags;

    const struct hmm_model *hmm;
    struct pos_model pos;
};

/* Return the child of `node` by a label, or a unit with another label if it has none. */
static inline dict_unit dict_child(const struct dict *dict, dict_unit node, uint32_t label)
{
    return dict->units[dict_unit_base(node) + label];
}

/* Return the unit if it has the label, else 0, a node that is not a word and has no children. There
 * is no branch: a processor could not predict the characters of a text. */
static inline dict_unit dict_unit_if(dict_unit unit, uint32_t label)
{
    return unit & -(dict_unit)(dict_unit_label(unit) == label);
}

/* Return the probability index of the word that the `n` labels spell, n >= 1; 0 if they are not a
 * word. */
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

/* Return the tag of the word that the `n` labels spell, n >= 1, borrowed from the dictionary; "x"
 * if it has none. */
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
