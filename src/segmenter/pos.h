/*
 * pos: the compiled model of jieba's posseg, as it lies in the snapshot: what `struct pos_model` of
 * a dictionary points to. Its states are those of finalseg, each for one part of speech (a tag).
 */
#ifndef SEGMENTER_POS_H
#define SEGMENTER_POS_H

#include "segmenter/dict.h"

/*
 * A state is a place in a word and a tag: its number is place * POS_TAGS + tag. The places
 * are numbered in the order of their letters, and the tags in that of their names, so that of two
 * states the one with the larger number is the larger tuple to Python, which decides ties.
 */
enum pos_place { POS_AT_B, POS_AT_E, POS_AT_M, POS_AT_S, POS_PLACES };

#define POS_TAGS   64
#define POS_STATES (POS_PLACES * POS_TAGS)

/* A set of states: of each place the tags, a bit each. */
struct pos_set {
    uint64_t tags[POS_PLACES];
};

/*
 * An entry is what the model says of a character and a state: whether the character is listed with
 * it (jieba's char_state_tab: it then has none but listed states; without any it can have all), and
 * the emission; what has no entry has LOG_ZERO.
 *
 *   bits 0-7 state, 8 listed, 9-31 an index into the logs
 */
#define POS_LISTED   (1u << 8)
#define POS_MAX_LOGS (1u << 23)

static inline unsigned pos_entry_state(uint32_t entry)
{
    return entry & 0xFF;
}

static inline uint32_t pos_entry_log(uint32_t entry)
{
    return entry >> 9;
}

/* The least logarithm of a probability that is not taken for zero. */
#define POS_MIN_LOG (-1e6)

/* Numbers are natural logarithms of probabilities, from POS_MIN_LOG to 0; but for transitions
 * they can also be LOG_ZERO, which is what jieba takes for the logarithm of zero. */
struct pos_base {
    struct tag_name names[POS_TAGS];
    struct pos_set states;             /* all that the model has */
    struct pos_set next[POS_STATES];   /* those that can follow a state */
    struct pos_set before[POS_STATES]; /* those that it can follow */
    double start[POS_STATES];
    double trans[POS_STATES][POS_STATES]; /* [from][to], of those that can follow */
    uint32_t ends[DICT_HAN_COUNT];        /* where the entries of each character end */
};

#endif
