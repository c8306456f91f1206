/*
 * First fit over bitmaps, larger families first, as in the double arrays of darts and its kin.
 */
#include "lexicon/double_array.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct packer {
    struct trie_node *nodes; /* borrowed */
    uint32_t n_nodes;
    uint64_t *taken, *bases; /* bitmaps: units in use, bases in use */
    size_t n_words;          /* 64-bit words in each */
};

/* Make the bitmaps reach all units that a node at `base` can have for children. */
static int reach(struct packer *packer, size_t base, struct err *err)
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
        return err_set(err, "the dictionary is too large: no room past unit %zu", base);
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

/* The 64 bits from bit `i` on. */
static uint64_t bits_from(const uint64_t *bits, size_t i)
{
    uint64_t low = bits[i / 64] >> i % 64;
    return i % 64 ? low | bits[i / 64 + 1] << (64 - i % 64) : low;
}

/* Find the first base from `*from` (a multiple of 64) on that no node has, and at which all
 * children of the node find their units free: 64 candidates at once, a bit each. Moves `*from` a
 * quarter of the way there, so that the next search neither begins far from where it will end nor
 * leaves many holes behind. */
static int find_base(struct packer *packer, struct trie_node *node, size_t *from, struct err *err)
{
    for (size_t base = *from;; base += 64) {
        if (reach(packer, base + 64, err))
            return -1;
        uint64_t fit = ~packer->bases[base / 64];
        for (uint32_t i = node->child; i != TRIE_NO_NODE && fit; i = packer->nodes[i].sibling)
            fit &= ~bits_from(packer->taken, base + packer->nodes[i].label);
        if (!fit)
            continue;
        *from += (base - *from) / 256 * 64;
        node->base = (uint32_t)(base + (size_t)__builtin_ctzll(fit));
        return 0;
    }
}

/* The same for a node with one child: the first free unit from `*from` on, at which every label can
 * lie, unless another node has the base that this would be. Sets `*from` to the first free unit. */
static int find_base_of_one(struct packer *packer, struct trie_node *node, size_t *from,
                            struct err *err)
{
    uint32_t label = packer->nodes[node->child].label;
    size_t first = 0;
    for (size_t unit = *from;; unit++) {
        if (reach(packer, unit, err))
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

static int place(struct packer *packer, struct trie_node *node, size_t *from, struct err *err)
{
    if (node->n_children == 1 ? find_base_of_one(packer, node, from, err)
                              : find_base(packer, node, from, err))
        return -1;
    set_bit(packer->bases, node->base);
    for (uint32_t i = node->child; i != TRIE_NO_NODE; i = packer->nodes[i].sibling)
        set_bit(packer->taken, node->base + packer->nodes[i].label);
    return 0;
}

/* Classes of nodes by their number of children: one, two, up to 4, 8, 16, ... */
static unsigned size_class(uint32_t n_children)
{
    return n_children < 2 ? 0 : 32 - (unsigned)__builtin_clz(n_children - 1);
}

/* Give every node with children its base, the nodes with most children first. Each class begins
 * where its last search ended: holes that it leaves behind are for smaller ones. */
static int place_all(struct packer *packer, struct err *err)
{
    if (reach(packer, 0, err))
        return -1;
    set_bit(packer->taken, 0); /* the root's own unit */
    set_bit(packer->bases, 0); /* base 0 means: no children */
    for (unsigned size = size_class(DICT_LABELS) + 1; size-- > 0;) {
        size_t from = size == 0 ? DICT_LABELS : 0;
        for (uint32_t i = 0; i < packer->n_nodes; i++) {
            struct trie_node *node = &packer->nodes[i];
            if (node->n_children && size_class(node->n_children) == size &&
                place(packer, node, &from, err))
                return -1;
        }
    }
    return 0;
}

/* One past the last base in use. */
static uint32_t bases_end(const struct packer *packer)
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
    *end = bases_end(&packer);
    free(packer.taken);
    free(packer.bases);
    return status;
}
