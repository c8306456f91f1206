/*
 * First fit over bitmaps: nodes with many children first, as darts and similar double arrays do.
 */
#include "lexicon/double_array.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct packer {
    struct trie_node *nodes; /* [n_nodes] Borrowed. */
    uint32_t n_nodes;
    uint64_t *taken; /* The bitmap of the units in use. */
    uint64_t *bases; /* The bitmap of the bases in use. */
    size_t n_words;  /* The number of 64-bit words in each bitmap. */
};

#define SIZE_CLASSES 32 /* See size_class(). */

/* Extend the bitmaps to all units that the children of a node at `base` can have. */
static int extend_bitmaps(struct packer *packer, size_t base, struct err *err)
{
    size_t need = (base + DICT_LABELS) / 64 + 3;
    if (need <= packer->n_words)
        return 0;
    size_t n = need + need / 2;
    uint64_t *taken = realloc(packer->taken, n * sizeof *taken);
    if (taken)
        packer->taken = taken;
    uint64_t *bases = realloc(packer->bases, n * sizeof *bases);
    if (bases)
        packer->bases = bases;
    if (!taken || !bases || base >= DICT_MAX_BASE - DICT_LABELS)
        return err_set(err, "the dictionary has too many words: no room after unit %zu", base);
    memset(taken + packer->n_words, 0, (n - packer->n_words) * sizeof *taken);
    memset(bases + packer->n_words, 0, (n - packer->n_words) * sizeof *bases);
    packer->n_words = n;
    return 0;
}

static void set_bit(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

/* Return the 64 bits from bit i on. */
static uint64_t bits_from(const uint64_t *bits, size_t i)
{
    uint64_t low = bits[i / 64] >> i % 64;
    return i % 64 ? low | bits[i / 64 + 1] << (64 - i % 64) : low;
}

/* Set `labels` to those of the node's children. */
static void read_labels(const struct packer *packer, const struct trie_node *node, uint16_t *labels)
{
    size_t n = 0;
    for (uint32_t i = node->child; i != TRIE_NO_NODE; i = packer->nodes[i].sibling)
        labels[n++] = (uint16_t)packer->nodes[i].label;
}

/*
 * Set the base of a node to the first from `*from` (a multiple of 64) on that no node has, and at
 * which the units of all children are free. It tests 64 bases at once, one a bit. Moves `*from` a
 * quarter of the way there: the next search then begins close to where it will end, and still finds
 * most of the free units before. Returns 0 or -1 with a reason.
 */
static int find_base(struct packer *packer, struct trie_node *node, size_t *from, struct err *err)
{
    uint16_t labels[DICT_LABELS];
    read_labels(packer, node, labels);
    for (size_t base = *from;; base += 64) {
        if (extend_bitmaps(packer, base + 64, err))
            return -1;
        uint64_t fit = ~packer->bases[base / 64];
        for (uint32_t i = 0; i < node->n_children && fit; i++)
            fit &= ~bits_from(packer->taken, base + labels[i]);
        if (!fit)
            continue;
        *from += (base - *from) / 256 * 64;
        node->base = (uint32_t)(base + (size_t)__builtin_ctzll(fit));
        return 0;
    }
}

/* Do the same for a node with one child, which fits into any free unit: take the first one from
 * `*from` on for which no node has the base. Sets `*from` to the first free unit. */
static int find_base_of_one(struct packer *packer, struct trie_node *node, size_t *from,
                            struct err *err)
{
    uint32_t label = packer->nodes[node->child].label;
    size_t first = 0;
    for (size_t unit = *from;; unit++) {
        if (extend_bitmaps(packer, unit, err))
            return -1;
        uint64_t free_units = ~bits_from(packer->taken, unit);
        if (!free_units) {
            unit += 63;
            continue;
        }
        unit += (size_t)__builtin_ctzll(free_units);
        first = first ? first : unit;
        if (has_bit(packer->bases, unit - label))
            continue;
        *from = first;
        node->base = (uint32_t)(unit - label);
        return 0;
    }
}

/* Find the base of a node, and mark it and the units of the children as used. */
static int place_node(struct packer *packer, struct trie_node *node, size_t *from, struct err *err)
{
    if (node->n_children == 1 ? find_base_of_one(packer, node, from, err)
                              : find_base(packer, node, from, err))
        return -1;
    set_bit(packer->bases, node->base);
    for (uint32_t i = node->child; i != TRIE_NO_NODE; i = packer->nodes[i].sibling)
        set_bit(packer->taken, node->base + packer->nodes[i].label);
    return 0;
}

/* The class of a node by its number of children: 0 for one, 1 for two, then 2 up to 4, 3 up to
 * 8... */
static unsigned size_class(uint32_t n_children)
{
    return n_children < 2 ? 0 : 32 - (unsigned)__builtin_clz(n_children - 1);
}

/* Sort the nodes with children by class, the one with most children first. Within a class, they stay in
 * order. `ends` is one past the last of each class. Returns NULL with a reason on failure; the caller
 * frees the nodes' numbers. */
static uint32_t *sort_nodes(const struct packer *packer, uint32_t ends[SIZE_CLASSES],
                            struct err *err)
{
    uint32_t *sorted = malloc((packer->n_nodes + 1) * sizeof *sorted), n = 0;
    if (!sorted) {
        err_set(err, "out of memory for a dictionary of %u nodes", packer->n_nodes);
        return NULL;
    }
    uint32_t counts[SIZE_CLASSES] = {0};
    for (uint32_t i = 0; i < packer->n_nodes; i++)
        counts[size_class(packer->nodes[i].n_children)] += packer->nodes[i].n_children > 0;
    for (unsigned size = SIZE_CLASSES; size-- > 0; n += counts[size])
        ends[size] = n;
    for (uint32_t i = 0; i < packer->n_nodes; i++) {
        if (packer->nodes[i].n_children)
            sorted[ends[size_class(packer->nodes[i].n_children)]++] = i;
    }
    return sorted;
}

/* Find the base of every node with children, the class with most children first. Within a class, a
 * search begins near the end of the one before it; the gaps that remain are for smaller classes. */
static int place_all(struct packer *packer, struct err *err)
{
    uint32_t ends[SIZE_CLASSES], *sorted = sort_nodes(packer, ends, err), i = 0;
    int status = sorted ? extend_bitmaps(packer, 0, err) : -1;
    if (!status) {
        set_bit(packer->taken, 0); /* The root's unit. */
        set_bit(packer->bases, 0); /* Base 0 means "no children". */
    }
    for (unsigned size = SIZE_CLASSES; !status && size-- > 0;) {
        for (size_t from = size == 0 ? DICT_LABELS : 0; !status && i < ends[size]; i++) {
            if (ends[size] - i > 8)
                __builtin_prefetch(&packer->nodes[sorted[i + 8]]);
            status = place_node(packer, &packer->nodes[sorted[i]], &from, err);
        }
    }
    free(sorted);
    return status;
}

/* One past the highest base in use. */
static uint32_t end_of_bases(const struct packer *packer)
{
    uint32_t end = 1;
    for (uint32_t i = 0; i < packer->n_nodes; i++) {
        if (packer->nodes[i].base >= end)
            end = packer->nodes[i].base + 1;
    }
    return end;
}

int double_array_pack(struct trie_node *nodes, uint32_t n, uint32_t *end, struct err *err)
{
    struct packer packer = {.nodes = nodes, .n_nodes = n};
    int status = place_all(&packer, err);
    *end = end_of_bases(&packer);
    free(packer.taken);
    free(packer.bases);
    return status;
}
