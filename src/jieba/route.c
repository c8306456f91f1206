/*
 * route: the most probable way through the word graph of a block; jieba's calc(), __cut_DAG and
 * __cut_DAG_NO_HMM.
 */
#include "jieba/scratch.h"

/*
 * From the last character to the first: the best sum of costs from there to the end, and the word
 * that it begins with. The graph is never stored: the walk through the dictionary that finds the
 * words is the one that weighs them. Ties go to the longest word, and the sums are doubles, added
 * in jieba's order.
 */
static void find_route(struct jieba *jieba)
{
    const struct jieba_dict *dict = jieba->dict;
    const uint16_t *labels = jieba->labels;
    double *route = jieba->route;
    jieba_unit root = dict->units[0];
    route[jieba->n] = 0;
    for (size_t i = jieba->n; i-- > 0;) {
        double best = dict->costs[0] + route[i + 1]; /* no word begins here: the character alone */
        size_t end = i + 1;
        bool word = false;
        jieba_unit node = root;
        for (size_t j = i; jieba_unit_base(node); j++) {
            node = jieba_child(dict, node, labels[j]);
            if (jieba_unit_label(node) != labels[j])
                break;
            if (!jieba_unit_cost(node))
                continue;
            double sum = dict->costs[jieba_unit_cost(node)] + route[j + 1];
            if (!word || sum >= best) {
                best = sum;
                end = j + 1;
                word = true;
            }
        }
        route[i] = best;
        jieba->ends[i] = (uint32_t)end;
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
