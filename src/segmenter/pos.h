/*
 * pos: the compiled model of jieba's posseg, as it lies in the snapshot, where `struct pos_model`
 * of a dictionary points to it. It is a hidden Markov model whose states are finalseg's, each
 * combined with a part of speech (a tag).
 */
#ifndef SEGMENTER_POS_H
#define SEGMENTER_POS_H

#include "segmenter/dict.h"

/*
 * A state is a place in a word together with a tag; its number is place * POS_TAGS + tag. Places
 * are numbered in the order of their letters, and tags in the order of their names. So of two
 * states, the one with the larger number is the larger tuple in Python, which wins a tie.
 */
enum pos_place { POS_AT_B, POS_AT_E, POS_AT_M, POS_AT_S, POS_PLACES };

#define POS_TAGS   64
#define POS_STATES (POS_PLACES * POS_TAGS)

/* A set of states. */
struct pos_set {
    uint64_t tags[POS_PLACES]; /* The tags at each place, one bit a tag. */
};

/*
 * An entry has the model's data for a character in a state: whether the character is listed with
 * the state (jieba's char_state_tab), and the logarithm of its emission. A character can have only
 * the states that it is listed with; if it is listed with none, it can have all. Without an entry
 * the emission is LOG_ZERO.
 *
 *   bits 0-7 the state, 8 whether listed, 9-31 an index into the logs of `struct pos_model`
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

/* The least logarithm in a model that does not stand for the probability zero. */
#define POS_MIN_LOG (-1e6)

/* The part of the model that has a fixed size. Its numbers are natural logarithms of probabilities,
 * from POS_MIN_LOG to 0; those in `start` can also be LOG_ZERO. */
struct pos_base {
    struct tag_name names[POS_TAGS];
    struct pos_set states;             /* All states of the model. */
    struct pos_set next[POS_STATES];   /* The states that can follow each state. */
    struct pos_set before[POS_STATES]; /* The states that each state can follow. */
    double start[POS_STATES];
    double trans[POS_STATES]
                [POS_STATES];      /* [from][to] The transitions to states that can follow. */
    uint32_t ends[DICT_HAN_COUNT]; /* The end of each character's entries, by index. */
};

#endif
