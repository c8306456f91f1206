#include "segmenter/hmm.h"

#include "segmenter/latin.h"
#include "segmenter/output.h"

/* The bits of `back`: which of its two possible predecessors each state has (finalseg's PrevStatus:
 * B after E or S, M after B or M, E after B or M, S after E or S). A set bit is the one with the
 * larger letter, which wins a tie. */
enum { B_FROM_S = 1, M_FROM_M = 2, E_FROM_M = 4, S_FROM_S = 8 };

/* Return the better of two log probabilities of a state, after adding its emission to each. Sets
 * `bit` in `*from` if that is `high`, which wins a tie. Jieba adds in the same order: (value +
 * transition) + emission. */
static inline double better(double low, double high, double emit, unsigned bit, unsigned *from)
{
    low += emit;
    high += emit;
    if (high >= low) {
        *from |= bit;
        return high;
    }
    return low;
}

/* Set `back` for the characters [begin, end), except the first. Returns the state of the last
 * one. */
static enum hmm_state viterbi(struct segmenter *seg, size_t begin, size_t end)
{
    const struct hmm_model *hmm = seg->dict->hmm;
    const double(*trans)[HMM_STATES] = hmm->trans;
    const double *emit = hmm->emit[seg->labels[begin] - DICT_HAN_LABEL];
    double b = hmm->start[HMM_B] + emit[HMM_B], m = hmm->start[HMM_M] + emit[HMM_M];
    double e = hmm->start[HMM_E] + emit[HMM_E], s = hmm->start[HMM_S] + emit[HMM_S];
    for (size_t i = begin + 1; i < end; i++) {
        unsigned from = 0;
        emit = hmm->emit[seg->labels[i] - DICT_HAN_LABEL];
        double to_b =
            better(e + trans[HMM_E][HMM_B], s + trans[HMM_S][HMM_B], emit[HMM_B], B_FROM_S, &from);
        double to_m =
            better(b + trans[HMM_B][HMM_M], m + trans[HMM_M][HMM_M], emit[HMM_M], M_FROM_M, &from);
        double to_e =
            better(b + trans[HMM_B][HMM_E], m + trans[HMM_M][HMM_E], emit[HMM_E], E_FROM_M, &from);
        double to_s =
            better(e + trans[HMM_E][HMM_S], s + trans[HMM_S][HMM_S], emit[HMM_S], S_FROM_S, &from);
        b = to_b;
        m = to_m;
        e = to_e;
        s = to_s;
        seg->back[i] = (uint8_t)from;
    }
    return s >= e ? HMM_S : HMM_E;
}

static enum hmm_state state_before(enum hmm_state state, unsigned from)
{
    switch (state) {
    case HMM_B:
        return from & B_FROM_S ? HMM_S : HMM_E;
    case HMM_M:
        return from & M_FROM_M ? HMM_M : HMM_B;
    case HMM_E:
        return from & E_FROM_M ? HMM_M : HMM_B;
    default:
        return from & S_FROM_S ? HMM_S : HMM_E;
    }
}

/* Whether the dictionary forbids the word [begin, end). */
static bool is_forbidden(const struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin], ignored;
    return word_table_find(&seg->dict->forbidden,
                           (struct str){seg->block + at, seg->offsets[end] - at}, &ignored);
}

/* Put a word that the model has found; its characters, if the dictionary forbids it. */
static void put_found_word(struct segmenter *seg, size_t begin, size_t end)
{
    if (!seg->dict->forbidden.n_blocks || !is_forbidden(seg, begin, end)) {
        output_put_word(seg, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        output_put_range(seg, i, i + 1);
}

/* Cut Chinese characters. Following the back pointers replaces the bits in `back` by states. The
 * first word can lack its B, if the model has no state for a character: as in jieba, it begins at
 * `begin`. */
static void cut_han(struct segmenter *seg, size_t begin, size_t end)
{
    enum hmm_state state = viterbi(seg, begin, end);
    for (size_t i = end; i-- > begin;) {
        unsigned from = seg->back[i];
        seg->back[i] = (uint8_t)state;
        if (i > begin)
            state = state_before(state, from);
    }
    size_t word = begin;
    for (size_t i = begin; i < end; i++) {
        if (seg->back[i] == HMM_B)
            word = i;
        else if (seg->back[i] == HMM_E)
            put_found_word(seg, word, i + 1);
        else if (seg->back[i] == HMM_S)
            output_put_word(seg, i, i + 1);
    }
}

void cut_by_hmm(struct segmenter *seg, size_t begin, size_t end)
{
    while (begin < end) {
        bool han = label_is_han(seg->labels[begin]);
        size_t i = begin + 1;
        while (i < end && label_is_han(seg->labels[i]) == han)
            i++;
        if (han)
            cut_han(seg, begin, i);
        else
            cut_non_han(seg, begin, i);
        begin = i;
    }
}
