/*
 * full: all words that can be found in a block; jieba's __cut_all, with its ways.
 */
#include "jieba/scratch.h"

/* The ends of the words that begin at character i, in `ends`, the character alone where there is
 * none. Returns how many. */
static size_t find_words(struct jieba *jieba, size_t i)
{
    const struct jieba_dict *dict = jieba->dict;
    jieba_unit node = dict->units[0];
    size_t n = 0;
    for (size_t j = i; jieba_unit_base(node); j++) {
        uint32_t label = jieba->labels[j];
        node = jieba_child(dict, node, label);
        if (jieba_unit_label(node) != label)
            break;
        if (jieba_unit_cost(node))
            jieba->ends[n++] = (uint32_t)(j + 1);
    }
    if (n == 0)
        jieba->ends[n++] = (uint32_t)(i + 1);
    return n;
}

/* Add a word to the Latin text that waits. It need not follow on what waits already: jieba joins
 * across longer words that it gave in between. */
static void join(struct jieba *jieba, size_t begin, size_t end)
{
    uint32_t at = jieba->offsets[begin];
    buf_add(&jieba->joined, jieba->block + at, jieba->offsets[end] - at);
}

/* Put the Latin text that waits. It lies in memory that the next one overwrites: flush at once. */
static void put_joined(struct jieba *jieba)
{
    jieba_put(jieba, jieba->joined.at, jieba->joined.len);
    jieba_flush(jieba);
}

void jieba_cut_full(struct jieba *jieba)
{
    size_t covered = 0; /* the end of the last word that was given or joined */
    bool latin = false; /* Latin text waits in `joined` */
    for (size_t i = 0; i < jieba->n; i++) {
        bool alnum = jieba_is_alnum(jieba->labels[i]);
        if (latin && !alnum) {
            latin = false;
            put_joined(jieba);
        }
        size_t n = find_words(jieba, i);
        if (n == 1 && i >= covered) {
            covered = jieba->ends[0];
            if (alnum && !latin) {
                latin = true;
                buf_reset(&jieba->joined);
            }
            if (alnum)
                join(jieba, i, covered);
            else
                jieba_put_range(jieba, i, covered);
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            if (jieba->ends[k] > i + 1) {
                covered = jieba->ends[k];
                jieba_put_range(jieba, i, covered);
            }
        }
    }
    if (latin)
        put_joined(jieba);
}
