/*
 * route: the most probable way through the word graph of a block; jieba's calc(), __cut_DAG and
 * __cut_DAG_NO_HMM.
 */
#include "segmenter/segmenter.h"

#include <math.h>

struct way {
    double sum; /* of the log probabilities from a character to the end of the block */
    size_t end; /* of the word that it begins with */
};

/* See whether a word of three characters or more makes a better way from character i. `third` is
 * the unit of the first three. */
static void try_longer(const struct segmenter *seg, size_t i, dict_unit third, struct way *best)
{
    const struct dict *dict = seg->dict;
    dict_unit node = third;
    for (size_t end = i + 3; node; end++) {
        double sum = dict->log_probs[dict_unit_prob(node)] + seg->best[end];
        if (sum >= best->sum)
            *best = (struct way){sum, end};
        node = dict_unit_if(dict_child(dict, node, seg->labels[end]), seg->labels[end]);
    }
}

/*
 * From the last character to the first. The graph is never stored: the look-up that finds the words
 * weighs them. Ties go to the longest word, and the sums are doubles, added in jieba's order. Most
 * words have one or two characters: these are weighed without a branch, -inf standing for no word.
 */
void find_best_path(struct segmenter *seg)
{
    const double *log_probs = seg->dict->log_probs;
    double next = 0, after_next = 0; /* the sums from characters i + 1 and i + 2 */
    seg->best[seg->n] = 0;
    seg->ends[seg->n] = 0;
    for (size_t i = seg->n; i-- > 0;) {
        double one = log_probs[dict_unit_prob(seg->first[i])] + next;
        double two = log_probs[dict_unit_prob(seg->second[i])] + after_next;
        struct way best = {two > one ? two : one, i + 1 + (two >= one)};
        dict_unit third = segmenter_third(seg, i);
        if (third)
            try_longer(seg, i, third, &best);
        if (best.sum == -INFINITY) /* no word begins here */
            best = (struct way){log_probs[DICT_PROB_OF_ONE] + next, i + 1};
        seg->best[i] = best.sum;
        seg->ends[i] = (uint32_t)best.end;
        after_next = next;
        next = best.sum;
    }
}

/* Two characters or more that the best path leaves alone: by the model, unless they are a word. */
static void cut_run(struct segmenter *seg, size_t begin, size_t end)
{
    if (!dict_find(seg->dict, seg->labels + begin, end - begin)) {
        cut_by_hmm(seg, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        output_put_range(seg, i, i + 1);
}

void cut_hmm(struct segmenter *seg)
{
    find_best_path(seg);
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (ends[end] != i + 2) {
            output_put_word(seg, i, end);
            continue;
        }
        for (end = i + 2; ends[end] == end + 1;)
            end++;
        cut_run(seg, i, end);
    }
}

void cut_no_hmm(struct segmenter *seg)
{
    find_best_path(seg);
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (label_is_alnum(seg->labels[i]) && end == i + 1) { /* these are joined to one word */
            while (label_is_alnum(seg->labels[end]) && ends[end] == end + 1)
                end++;
        }
        output_put_word(seg, i, end);
    }
}
