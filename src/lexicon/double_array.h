/*
 * pack: gives the nodes of a trie their places in a double array. Private to src/lexicon.
 */
#ifndef LEXICON_DOUBLE_ARRAY_H
#define LEXICON_DOUBLE_ARRAY_H

#include "segmenter/dict.h"
#include "util/err.h"

#define TRIE_NO_NODE UINT32_MAX

struct trie_node {
    uint32_t child, sibling; /* first child, next child of the same parent; or TRIE_NO_NODE */
    uint32_t n_children;
    uint32_t label; /* 1 to DICT_LABELS - 1 */
    uint32_t prob;
    uint16_t tag;
    uint32_t base; /* 0 comes in; set here for nodes that have children */
};

/*
 * Set the bases of all nodes, the root first among them: no two nodes have the same base, no two
 * children the same unit (base + label), and none has unit 0, which is the root's own. Sets `*end`
 * to one past the last base. Returns 0 or -1 with a reason.
 */
int double_array_pack(struct trie_node *nodes, uint32_t n, uint32_t *end, struct err *err);

#endif
