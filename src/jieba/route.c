/*
 * route: the most probable way through the word graph of a block; jieba's calc(), __cut_DAG and
 * __cut_DAG_NO_HMM.
 */
#include "jieba/scratch.h"

#include <math.h>

struct way {
    double sum; /* of the costs from a character to the end of the block */
    size_t end; /* of the word that it begins with */
};

/* See whether a word of three characters or more makes a better way from character i. `third` is
 * the unit of the first three. */
static void try_longer(const struct jieba *jieba, size_t i, jieba_unit third, struct way *best)
{
    const struct jieba_dict *dict = jieba->dict;
    jieba_unit node = third;
    for (size_t end = i + 3; node; end++) {
        double sum = dict->costs[jieba_unit_cost(node)] + jieba->route[end];
        if (sum >= best->sum)
            *best = (struct way){sum, end};
        node = jieba_unit_if(jieba_child(dict, node, jieba->labels[end]), jieba->labels[end]);
    }
}

/*
 * From the last character to the first. The graph is never stored: the look-up that finds the words
 * weighs them. Ties go to the longest word, and the sums are doubles, added in jieba's order. Most
 * words have one or two characters: these are weighed without a branch, -inf standing for no word.
 */
void jieba_find_route(struct jieba *jieba)
{
    const double *costs = jieba->dict->costs;
    double next = 0, after_next = 0; /* the sums from characters i + 1 and i + 2 */
    jieba->route[jieba->n] = 0;
    jieba->ends[jieba->n] = 0;
    for (size_t i = jieba->n; i-- > 0;) {
        double one = costs[jieba_unit_cost(jieba->first[i])] + next;
        double two = costs[jieba_unit_cost(jieba->second[i])] + after_next;
        struct way best = {two > one ? two : one, i + 1 + (two >= one)};
        jieba_unit third = jieba_third(jieba, i);
        if (third)
            try_longer(jieba, i, third, &best);
        if (best.sum == -INFINITY) /* no word begins here */
            best = (struct way){costs[JIEBA_COST_OF_ONE] + next, i + 1};
        jieba->route[i] = best.sum;
        jieba->ends[i] = (uint32_t)best.end;
        after_next = next;
        next = best.sum;
    }
}

/* Two characters or more that the route leaves alone: by the model, unless they are a word. */
static void cut_run(struct jieba *jieba, size_t begin, size_t end)
{
    if (!jieba_find(jieba->dict, jieba->labels + begin, end - begin)) {
        jieba_cut_by_model(jieba, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        jieba_put_range(jieba, i, i + 1);
}

void jieba_cut_hmm(struct jieba *jieba)
{
    jieba_find_route(jieba);
    const uint32_t *ends = jieba->ends;
    for (size_t i = 0, end; i < jieba->n; i = end) {
        end = ends[i];
        if (ends[end] != i + 2) {
            jieba_put_word(jieba, i, end);
            continue;
        }
        for (end = i + 2; ends[end] == end + 1;)
            end++;
        cut_run(jieba, i, end);
    }
}

void jieba_cut_no_hmm(struct jieba *jieba)
{
    jieba_find_route(jieba);
    const uint32_t *ends = jieba->ends;
    for (size_t i = 0, end; i < jieba->n; i = end) {
        end = ends[i];
        if (jieba_is_alnum(jieba->labels[i]) && end == i + 1) { /* these are joined to one word */
            while (jieba_is_alnum(jieba->labels[end]) && ends[end] == end + 1)
                end++;
        }
        jieba_put_word(jieba, i, end);
    }
}
