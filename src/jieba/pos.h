/*
 * pos: the compiled model of jieba's posseg, as it lies in the snapshot: what `struct jieba_pos` of
 * a dictionary points to. Its states are those of finalseg, each for one part of speech (a tag).
 */
#ifndef JIEBA_POS_H
#define JIEBA_POS_H

#include "jieba/dict.h"

/*
 * A state is a place in a word and a tag: its number is place * JIEBA_POS_TAGS + tag. The places
 * are numbered in the order of their letters, and the tags in that of their names, so that of two
 * states the one with the larger number is the larger tuple to Python, which decides ties.
 */
enum jieba_place { JIEBA_AT_B, JIEBA_AT_E, JIEBA_AT_M, JIEBA_AT_S, JIEBA_PLACES };

#define JIEBA_POS_TAGS   64
#define JIEBA_POS_STATES (JIEBA_PLACES * JIEBA_POS_TAGS)

/* A set of states: of each place the tags, a bit each. */
struct jieba_pos_set {
    uint64_t tags[JIEBA_PLACES];
};

/*
 * An entry is what the model says of a character and a state: whether the character is listed with
 * it (jieba's char_state_tab: it then has none but listed states; without any it can have all), and
 * the emission; what has no entry has JIEBA_MIN_FLOAT.
 *
 *   bits 0-7 state, 8 listed, 9-31 an index into the logs
 */
#define JIEBA_POS_LISTED (1u << 8)
#define JIEBA_MAX_LOG    (1u << 23)

static inline unsigned jieba_pos_state(uint32_t entry)
{
    return entry & 0xFF;
}

static inline uint32_t jieba_pos_log(uint32_t entry)
{
    return entry >> 9;
}

/* The least logarithm of a probability that is not taken for zero. */
#define JIEBA_POS_LEAST (-1e6)

/* Numbers are natural logarithms of probabilities, from JIEBA_POS_LEAST to 0; but for transitions
 * they can also be JIEBA_MIN_FLOAT, which is what jieba takes for the logarithm of zero. */
struct jieba_pos_base {
    struct jieba_tag_name names[JIEBA_POS_TAGS];
    struct jieba_pos_set states;                   /* all that the model has */
    struct jieba_pos_set next[JIEBA_POS_STATES];   /* those that can follow a state */
    struct jieba_pos_set before[JIEBA_POS_STATES]; /* those that it can follow */
    double start[JIEBA_POS_STATES];
    double trans[JIEBA_POS_STATES][JIEBA_POS_STATES]; /* [from][to], of those that can follow */
    uint32_t ends[JIEBA_HAN_COUNT];                   /* where the entries of each character end */
};

#endif
