/*
 * double_array: finds the places of a trie's nodes in a double array (see segmenter/dict.h).
 * Private to src/lexicon.
 */
#ifndef LEXICON_DOUBLE_ARRAY_H
#define LEXICON_DOUBLE_ARRAY_H

#include "segmenter/dict.h"
#include "util/err.h"

#define TRIE_NO_NODE UINT32_MAX

struct trie_node {
    uint32_t child;   /* Its first child, or TRIE_NO_NODE. */
    uint32_t sibling; /* The next child of its parent, or TRIE_NO_NODE. */
    uint32_t n_children;
    uint32_t label; /* From 1 to DICT_LABELS - 1. */
    uint32_t prob;  /* Its probability index. */
    uint16_t tag;   /* The number of its tag. */
    uint32_t base;  /* The result: 0 if it has no children. */
};

/*
 * Set the base of every node that has children; it is 0 before. The root is `nodes[0]`. No two
 * nodes get the same base, no two children the same unit (base + label), and no child unit 0, which
 * is the root's. Sets `*end` to one past the highest base. Returns 0 or -1 with a reason.
 */
int double_array_pack(struct trie_node *nodes, uint32_t n, uint32_t *end, struct err *err);

#endif
