/*
 * hmm: words that the dictionary does not have, by the hidden Markov model; jieba's finalseg.
 */
#include "jieba/scratch.h"

/* Which of its two possible predecessors a state has, a bit a state: set for the one with the
 * larger letter, which wins a tie. PrevStatus of finalseg: B from E or S, M from B or M, E from B
 * or M, S from E or S. */
enum { B_FROM_S = 1, M_FROM_M = 2, E_FROM_M = 4, S_FROM_S = 8 };

/* The better of two ways into a state, each summed as jieba does: (value + transition) + emission.
 */
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

/* Fill `back` for the characters [begin, end); the state of the last one. */
static enum jieba_state viterbi(struct jieba *jieba, size_t begin, size_t end)
{
    const struct jieba_hmm *hmm = jieba->dict->hmm;
    const double(*trans)[JIEBA_STATES] = hmm->trans;
    const double *emit = hmm->emit[jieba->labels[begin] - JIEBA_HAN_LABEL];
    double b = hmm->start[JIEBA_B] + emit[JIEBA_B], m = hmm->start[JIEBA_M] + emit[JIEBA_M];
    double e = hmm->start[JIEBA_E] + emit[JIEBA_E], s = hmm->start[JIEBA_S] + emit[JIEBA_S];
    for (size_t i = begin + 1; i < end; i++) {
        unsigned from = 0;
        emit = hmm->emit[jieba->labels[i] - JIEBA_HAN_LABEL];
        double to_b = better(e + trans[JIEBA_E][JIEBA_B], s + trans[JIEBA_S][JIEBA_B],
                             emit[JIEBA_B], B_FROM_S, &from);
        double to_m = better(b + trans[JIEBA_B][JIEBA_M], m + trans[JIEBA_M][JIEBA_M],
                             emit[JIEBA_M], M_FROM_M, &from);
        double to_e = better(b + trans[JIEBA_B][JIEBA_E], m + trans[JIEBA_M][JIEBA_E],
                             emit[JIEBA_E], E_FROM_M, &from);
        double to_s = better(e + trans[JIEBA_E][JIEBA_S], s + trans[JIEBA_S][JIEBA_S],
                             emit[JIEBA_S], S_FROM_S, &from);
        b = to_b;
        m = to_m;
        e = to_e;
        s = to_s;
        jieba->back[i] = (uint8_t)from;
    }
    return s >= e ? JIEBA_S : JIEBA_E;
}

static enum jieba_state state_before(enum jieba_state state, unsigned from)
{
    switch (state) {
    case JIEBA_B:
        return from & B_FROM_S ? JIEBA_S : JIEBA_E;
    case JIEBA_M:
        return from & M_FROM_M ? JIEBA_M : JIEBA_B;
    case JIEBA_E:
        return from & E_FROM_M ? JIEBA_M : JIEBA_B;
    default:
        return from & S_FROM_S ? JIEBA_S : JIEBA_E;
    }
}

/* Cut Chinese characters. The way back replaces `back` by the states. A first word may lack its B
 * (a character that no state is known for): it begins where the characters begin, as in jieba. */
static void cut_han(struct jieba *jieba, size_t begin, size_t end)
{
    enum jieba_state state = viterbi(jieba, begin, end);
    for (size_t i = end; i-- > begin;) {
        unsigned from = jieba->back[i];
        jieba->back[i] = (uint8_t)state;
        if (i > begin)
            state = state_before(state, from);
    }
    size_t word = begin;
    for (size_t i = begin; i < end; i++) {
        if (jieba->back[i] == JIEBA_B)
            word = i;
        else if (jieba->back[i] == JIEBA_E)
            jieba_put_word(jieba, word, i + 1);
        else if (jieba->back[i] == JIEBA_S)
            jieba_put_word(jieba, i, i + 1);
    }
}

void jieba_cut_by_model(struct jieba *jieba, size_t begin, size_t end)
{
    while (begin < end) {
        bool han = jieba_is_han(jieba->labels[begin]);
        size_t i = begin + 1;
        while (i < end && jieba_is_han(jieba->labels[i]) == han)
            i++;
        (han ? cut_han : jieba_cut_numbers)(jieba, begin, i);
        begin = i;
    }
}
