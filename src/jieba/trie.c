#include "jieba/trie.h"

#include "jieba/pack.h"

#include <stdlib.h>

struct jieba_trie {
    struct jieba_node *nodes; /* the root first */
    size_t n, cap;
    uint32_t path[JIEBA_MAX_DEPTH + 1]; /* the nodes of the last word, from the root */
    uint16_t labels[JIEBA_MAX_DEPTH];   /* its labels */
    size_t depth;
};

/* Append a node, as the first child of `parent` unless that is JIEBA_NO_NODE. Its number, or
 * JIEBA_NO_NODE. */
static uint32_t add_node(struct jieba_trie *trie, uint32_t parent, uint32_t label, struct err *err)
{
    if (trie->n == trie->cap) {
        size_t cap = trie->cap ? trie->cap * 2 : 1024;
        struct jieba_node *nodes = realloc(trie->nodes, cap * sizeof *nodes);
        if (!nodes) {
            err_set(err, "out of memory for a trie of %zu nodes", cap);
            return JIEBA_NO_NODE;
        }
        trie->nodes = nodes;
        trie->cap = cap;
    }
    uint32_t number = (uint32_t)trie->n++;
    struct jieba_node *node = &trie->nodes[number];
    *node = (struct jieba_node){.child = JIEBA_NO_NODE, .sibling = JIEBA_NO_NODE, .label = label};
    if (parent != JIEBA_NO_NODE) {
        node->sibling = trie->nodes[parent].child;
        trie->nodes[parent].child = number;
        trie->nodes[parent].n_children++;
    }
    return number;
}

struct jieba_trie *jieba_trie_new(struct err *err)
{
    struct jieba_trie *trie = calloc(1, sizeof *trie);
    if (!trie)
        err_set(err, "out of memory for compiling words");
    else if (add_node(trie, JIEBA_NO_NODE, JIEBA_NO_LABEL, err) != JIEBA_NO_NODE)
        return trie;
    jieba_trie_free(trie);
    return NULL;
}

void jieba_trie_free(struct jieba_trie *trie)
{
    if (!trie)
        return;
    free(trie->nodes);
    free(trie);
}

bool jieba_trie_is_empty(const struct jieba_trie *trie)
{
    return trie->n == 1;
}

int jieba_trie_add(struct jieba_trie *trie, const uint16_t *labels, size_t n, uint32_t cost,
                   uint16_t tag, struct err *err)
{
    size_t depth = 0; /* how much of the path to the last word is shared */
    while (depth < trie->depth && depth < n && trie->labels[depth] == labels[depth])
        depth++;
    for (; depth < n; depth++) {
        uint32_t node = add_node(trie, trie->path[depth], labels[depth], err);
        if (node == JIEBA_NO_NODE)
            return -1;
        trie->path[depth + 1] = node;
        trie->labels[depth] = labels[depth];
    }
    trie->depth = n;
    trie->nodes[trie->path[n]].cost = cost;
    trie->nodes[trie->path[n]].tag = tag;
    return 0;
}

/* Give each node but the root its unit. */
static void fill(const struct jieba_trie *trie, jieba_unit *units, uint16_t *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        units[i] = jieba_unit_make(JIEBA_NO_LABEL, 0, 0);
    units[0] = jieba_unit_make(JIEBA_NO_LABEL, 0, trie->nodes[0].base);
    for (size_t i = 0; i < trie->n; i++) {
        const struct jieba_node *node = &trie->nodes[i];
        for (uint32_t c = node->child; c != JIEBA_NO_NODE; c = trie->nodes[c].sibling) {
            const struct jieba_node *child = &trie->nodes[c];
            units[node->base + child->label] =
                jieba_unit_make(child->label, child->cost, child->base);
            tags[node->base + child->label] = child->tag;
        }
    }
}

int jieba_trie_lay_out(struct jieba_trie *trie, uint32_t n_labels, jieba_unit **units,
                       uint16_t **tags, uint32_t *n, struct err *err)
{
    uint32_t end;
    if (jieba_pack(trie->nodes, (uint32_t)trie->n, &end, err))
        return -1;
    *n = end + n_labels;
    *units = malloc(*n * sizeof **units);
    *tags = calloc(*n, sizeof **tags);
    if (!*units || !*tags)
        return err_set(err, "out of memory for %u units", *n);
    fill(trie, *units, *tags, *n);
    return 0;
}
