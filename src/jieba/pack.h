/*
 * pack: gives the nodes of a trie their places in a double array. Private to src/jieba.
 */
#ifndef JIEBA_PACK_H
#define JIEBA_PACK_H

#include "jieba/dict.h"
#include "util/err.h"

#define JIEBA_NO_NODE UINT32_MAX

struct jieba_node {
    uint32_t child, sibling; /* first child, next child of the same parent; or JIEBA_NO_NODE */
    uint32_t n_children;
    uint32_t label; /* 1 to JIEBA_LABELS - 1 */
    uint32_t cost;
    uint16_t tag;
    uint32_t base; /* 0 comes in; set here for nodes that have children */
};

/*
 * Set the bases of all nodes, the root first among them: no two nodes have the same base, no two
 * children the same unit (base + label), and none has unit 0, which is the root's own. Sets `*end`
 * to one past the last base. Returns 0 or -1 with a reason.
 */
int jieba_pack(struct jieba_node *nodes, uint32_t n, uint32_t *end, struct err *err);

#endif
