#include "segmenter/best_path.h"

#include "segmenter/block.h"

#include <math.h>

/* A path from a character to the end of the block. */
struct path {
    double sum; /* The sum of the log probabilities of its words. */
    size_t end; /* The end of its first word. */
};

/* Set `*best` to the best path from character i whose first word has three characters or more, if
 * it is not worse than `*best`. `triple` is the unit of the first three. */
static void try_long_words(const struct segmenter *seg, size_t i, dict_unit triple,
                           struct path *best)
{
    const struct dict *dict = seg->dict;
    dict_unit node = triple;
    for (size_t end = i + 3; node; end++) {
        double sum = dict->log_probs[dict_unit_prob(node)] + seg->best[end];
        if (sum >= best->sum)
            *best = (struct path){sum, end};
        node = dict_unit_if(dict_child(dict, node, seg->labels[end]), seg->labels[end]);
    }
}

/*
 * Works from the last character to the first. The graph is never stored: the look-up that finds the
 * words weighs them. A tie goes to the longer word. The sums are doubles, added in jieba's order.
 * Most words have one or two characters: these are weighed without a branch, where the log
 * probability -inf stands for "not a word".
 */
void find_best_path(struct segmenter *seg)
{
    const double *log_probs = seg->dict->log_probs;
    double next = 0, after_next = 0; /* The sums from characters i + 1 and i + 2. */
    seg->best[seg->n] = 0;
    seg->ends[seg->n] = 0;
    for (size_t i = seg->n; i-- > 0;) {
        double one = log_probs[dict_unit_prob(seg->singles[i])] + next;
        double two = log_probs[dict_unit_prob(seg->pairs[i])] + after_next;
        struct path best = {two > one ? two : one, i + 1 + (two >= one)};
        dict_unit triple = block_triple(seg, i);
        if (triple)
            try_long_words(seg, i, triple, &best);
        if (best.sum == -INFINITY) /* No word begins here: the character is alone. */
            best = (struct path){log_probs[DICT_PROB_OF_ONE] + next, i + 1};
        seg->best[i] = best.sum;
        seg->ends[i] = (uint32_t)best.end;
        after_next = next;
        next = best.sum;
    }
}
