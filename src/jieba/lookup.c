/*
 * lookup: the beginnings of all words of a stretch of characters, in three passes over it.
 *
 * The double array is larger than the caches that are near, and each step of a walk needs the one
 * before it. So the passes go side by side over all characters instead of walk by walk: a pass asks
 * for the memory that the next one reads, and by then it is there.
 */
#include "jieba/scratch.h"

void jieba_look_up(const struct jieba_dict *dict, const uint16_t *restrict labels, size_t n,
                   struct jieba_found *restrict found)
{
    const jieba_unit *restrict units = dict->units;
    const jieba_unit *restrict root = units + jieba_unit_base(units[0]);
    const double *restrict costs = dict->costs;
    jieba_unit *restrict node = found->third;
    for (size_t i = 0; i < n; i++) {
        node[i] = jieba_unit_if(root[labels[i]], labels[i]);
        __builtin_prefetch(units + jieba_unit_base(node[i]) + labels[i + 1]);
    }
    for (size_t i = 0; i < n; i++) {
        jieba_unit first = node[i];
        node[i] = jieba_unit_if(units[jieba_unit_base(first) + labels[i + 1]], labels[i + 1]);
        __builtin_prefetch(units + jieba_unit_base(node[i]) + labels[i + 2]);
        found->one[i] = costs[jieba_unit_cost(first)];
        found->two[i] = costs[jieba_unit_cost(node[i])];
    }
    for (size_t i = 0; i < n; i++)
        node[i] = jieba_unit_if(units[jieba_unit_base(node[i]) + labels[i + 2]], labels[i + 2]);
}
