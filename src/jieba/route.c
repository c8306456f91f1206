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
 * From the last character to the first: the best sum of costs from there to the end, and the word
 * that it begins with. The graph is never stored: the look-up that finds the words weighs them.
 * Ties go to the longest word, and the sums are doubles, added in jieba's order. Most words have
 * one or two characters: these are weighed without a branch, -inf standing for no word.
 */
static void find_route(struct jieba *jieba)
{
    const struct jieba_dict *dict = jieba->dict;
    double single = dict->costs[JIEBA_COST_OF_ONE];
    double next = 0, after_next = 0; /* the sums from characters i + 1 and i + 2 */
    struct jieba_found found;
    jieba->route[jieba->n] = 0;
    for (size_t stop = jieba->n, begin; stop > 0; stop = begin) {
        begin = stop > JIEBA_WINDOW ? stop - JIEBA_WINDOW : 0;
        jieba_look_up(dict, jieba->labels + begin, stop - begin, &found);
        for (size_t i = stop; i-- > begin;) {
            double one = found.one[i - begin] + next;
            double two = found.two[i - begin] + after_next;
            struct way best = {two > one ? two : one, i + 1 + (two >= one)};
            if (found.third[i - begin])
                try_longer(jieba, i, found.third[i - begin], &best);
            if (best.sum == -INFINITY) /* no word begins here */
                best = (struct way){single + next, i + 1};
            jieba->route[i] = best.sum;
            jieba->ends[i] = (uint32_t)best.end;
            after_next = next;
            next = best.sum;
        }
    }
}

/* A run of characters that the route leaves alone: by the model, unless the run is itself a word.
 */
static void cut_run(struct jieba *jieba, size_t begin, size_t end)
{
    if (end - begin == 1) {
        jieba_put_range(jieba, begin, end);
    } else if (!jieba_find(jieba->dict, jieba->labels + begin, end - begin)) {
        jieba_cut_by_model(jieba, begin, end);
    } else {
        for (size_t i = begin; i < end; i++)
            jieba_put_range(jieba, i, i + 1);
    }
}

void jieba_cut_hmm(struct jieba *jieba)
{
    find_route(jieba);
    size_t run = 0;
    for (size_t i = 0; i < jieba->n;) {
        size_t end = jieba->ends[i];
        if (end - i > 1) {
            if (run < i)
                cut_run(jieba, run, i);
            jieba_put_word(jieba, i, end);
            run = end;
        }
        i = end;
    }
    if (run < jieba->n)
        cut_run(jieba, run, jieba->n);
}

void jieba_cut_no_hmm(struct jieba *jieba)
{
    find_route(jieba);
    size_t run = 0; /* begin of a run of single letters and digits, which are one word */
    for (size_t i = 0; i < jieba->n;) {
        size_t end = jieba->ends[i];
        if (end - i > 1 || !jieba_is_alnum(jieba->labels[i])) {
            if (run < i)
                jieba_put_word(jieba, run, i);
            jieba_put_word(jieba, i, end);
            run = end;
        }
        i = end;
    }
    if (run < jieba->n)
        jieba_put_word(jieba, run, jieba->n);
}
