#include "lexicon/trie.h"

#include "lexicon/double_array.h"

#include <stdlib.h>

struct trie {
    struct trie_node *nodes; /* [n] The nodes, the root first. */
    size_t n, cap;
    uint32_t path[TRIE_MAX_DEPTH + 1]; /* [depth + 1] The nodes of the last word, from the root. */
    uint16_t labels[TRIE_MAX_DEPTH];   /* [depth] The labels of the last word. */
    size_t depth;
};

/* Append a node, as the first child of `parent` unless that is TRIE_NO_NODE. Returns its number, or
 * TRIE_NO_NODE with a reason. */
static uint32_t add_node(struct trie *trie, uint32_t parent, uint32_t label, struct err *err)
{
    if (trie->n == trie->cap) {
        size_t cap = trie->cap ? trie->cap * 2 : 1024;
        struct trie_node *nodes = realloc(trie->nodes, cap * sizeof *nodes);
        if (!nodes) {
            err_set(err, "out of memory for a trie of %zu nodes", cap);
            return TRIE_NO_NODE;
        }
        trie->nodes = nodes;
        trie->cap = cap;
    }
    uint32_t number = (uint32_t)trie->n++;
    struct trie_node *node = &trie->nodes[number];
    *node = (struct trie_node){.child = TRIE_NO_NODE, .sibling = TRIE_NO_NODE, .label = label};
    if (parent != TRIE_NO_NODE) {
        node->sibling = trie->nodes[parent].child;
        trie->nodes[parent].child = number;
        trie->nodes[parent].n_children++;
    }
    return number;
}

struct trie *trie_new(struct err *err)
{
    struct trie *trie = calloc(1, sizeof *trie);
    if (!trie)
        err_set(err, "out of memory for compiling words");
    else if (add_node(trie, TRIE_NO_NODE, DICT_NO_LABEL, err) != TRIE_NO_NODE)
        return trie;
    trie_free(trie);
    return NULL;
}

void trie_free(struct trie *trie)
{
    if (!trie)
        return;
    free(trie->nodes);
    free(trie);
}

int trie_add(struct trie *trie, const uint16_t *labels, size_t n, uint32_t prob, uint16_t tag,
             struct err *err)
{
    size_t depth = 0; /* The number of labels shared with the last word. */
    while (depth < trie->depth && depth < n && trie->labels[depth] == labels[depth])
        depth++;
    for (; depth < n; depth++) {
        uint32_t node = add_node(trie, trie->path[depth], labels[depth], err);
        if (node == TRIE_NO_NODE)
            return -1;
        trie->path[depth + 1] = node;
        trie->labels[depth] = labels[depth];
    }
    trie->depth = n;
    trie->nodes[trie->path[n]].prob = prob;
    trie->nodes[trie->path[n]].tag = tag;
    return 0;
}

/* Set the unit and the tag of each node. */
static void set_units(const struct trie *trie, dict_unit *units, uint16_t *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        units[i] = dict_unit_make(DICT_NO_LABEL, 0, 0);
    units[0] = dict_unit_make(DICT_NO_LABEL, 0, trie->nodes[0].base);
    for (size_t i = 0; i < trie->n; i++) {
        const struct trie_node *node = &trie->nodes[i];
        for (uint32_t c = node->child; c != TRIE_NO_NODE; c = trie->nodes[c].sibling) {
            const struct trie_node *child = &trie->nodes[c];
            units[node->base + child->label] =
                dict_unit_make(child->label, child->prob, child->base);
            tags[node->base + child->label] = child->tag;
        }
    }
}

int trie_lay_out(struct trie *trie, uint32_t n_labels, dict_unit **units, uint16_t **tags,
                 uint32_t *n, struct err *err)
{
    uint32_t end;
    if (double_array_pack(trie->nodes, (uint32_t)trie->n, &end, err))
        return -1;
    *n = end + n_labels;
    *units = malloc(*n * sizeof **units);
    *tags = calloc(*n, sizeof **tags);
    if (!*units || !*tags)
        return err_set(err, "out of memory for %u units", *n);
    set_units(trie, *units, *tags, *n);
    return 0;
}
