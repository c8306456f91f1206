#include "jieba/build.h"

#include "util/utf8.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROOT      0u
#define NOTHING   UINT32_MAX
#define MAX_DEPTH 256 /* characters of a word; the store refuses longer ones much earlier */

struct node {
    uint32_t child, sibling; /* first child, next child of the same parent; or NOTHING */
    uint32_t n_children;
    uint32_t cost, base;
    uint32_t label;
};

/* An array that grows; `at` is owned. */
struct table {
    void *at;
    size_t n, cap;
};

struct jieba_builder {
    struct table nodes;           /* struct node; the root first */
    uint32_t path[MAX_DEPTH + 1]; /* the nodes of the last word, from the root */
    uint16_t labels[MAX_DEPTH];   /* its labels */
    size_t depth;

    struct table freqs; /* int64_t by cost index; [0] is 1, for a character that is no word */
    uint32_t *index;    /* hash table of n_index slots, a power of two: cost index or 0 */
    size_t n_index;
    int64_t total;

    uint64_t *taken, *bases; /* bitmaps: units in use, bases in use */
    size_t n_words;          /* 64-bit words in each */
    jieba_unit *units;
    double *costs;
};

/* Make room for one more element of `size` bytes; where it is, or NULL with a reason. */
static void *table_add(struct table *table, size_t size, struct err *err)
{
    if (table->n == table->cap) {
        size_t cap = table->cap ? table->cap * 2 : 1024;
        void *at = realloc(table->at, cap * size);
        if (!at) {
            err_set(err, "out of memory for a table of %zu bytes", cap * size);
            return NULL;
        }
        table->at = at;
        table->cap = cap;
    }
    return (char *)table->at + table->n++ * size;
}

static struct node *node_at(const struct jieba_builder *builder, uint32_t i)
{
    return (struct node *)builder->nodes.at + i;
}

/* Append a node, as the first child of `parent` unless that is NOTHING. Its number, or NOTHING. */
static uint32_t add_node(struct jieba_builder *builder, uint32_t parent, uint32_t label,
                         struct err *err)
{
    struct node *node = table_add(&builder->nodes, sizeof *node, err);
    if (!node)
        return NOTHING;
    uint32_t number = (uint32_t)(builder->nodes.n - 1);
    *node = (struct node){.child = NOTHING, .sibling = NOTHING, .label = label};
    if (parent != NOTHING) {
        node->sibling = node_at(builder, parent)->child;
        node_at(builder, parent)->child = number;
        node_at(builder, parent)->n_children++;
    }
    return number;
}

struct jieba_builder *jieba_builder_new(struct err *err)
{
    struct jieba_builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        err_set(err, "out of memory for compiling words");
        return NULL;
    }
    int64_t *one = table_add(&builder->freqs, sizeof *one, err);
    if (!one || add_node(builder, NOTHING, JIEBA_NO_LABEL, err) == NOTHING) {
        jieba_builder_free(builder);
        return NULL;
    }
    *one = 1;
    return builder;
}

void jieba_builder_free(struct jieba_builder *builder)
{
    if (!builder)
        return;
    free(builder->nodes.at);
    free(builder->freqs.at);
    free(builder->index);
    free(builder->taken);
    free(builder->bases);
    free(builder->units);
    free(builder->costs);
    free(builder);
}

/* The slot of a frequency in the hash table: the one that has it, or the free one where it belongs.
 */
static uint32_t *find_slot(const struct jieba_builder *builder, int64_t freq)
{
    const int64_t *freqs = builder->freqs.at;
    size_t slot = (size_t)((uint64_t)freq * 0x9E3779B97F4A7C15u >> 20) & (builder->n_index - 1);
    while (builder->index[slot] && freqs[builder->index[slot]] != freq)
        slot = (slot + 1) & (builder->n_index - 1);
    return &builder->index[slot];
}

/* Keep the hash table at most half full. */
static int grow_index(struct jieba_builder *builder, struct err *err)
{
    if (builder->freqs.n * 2 < builder->n_index)
        return 0;
    size_t n = builder->n_index ? builder->n_index * 2 : 16384;
    uint32_t *index = calloc(n, sizeof *index);
    if (!index)
        return err_set(err, "out of memory for %zu frequencies", builder->freqs.n);
    free(builder->index);
    builder->index = index;
    builder->n_index = n;
    for (uint32_t i = 1; i < builder->freqs.n; i++)
        *find_slot(builder, ((int64_t *)builder->freqs.at)[i]) = i;
    return 0;
}

/* The cost index of a frequency; 0 with a reason on failure. */
static uint32_t cost_index(struct jieba_builder *builder, int64_t freq, struct err *err)
{
    if (grow_index(builder, err))
        return 0;
    uint32_t *slot = find_slot(builder, freq);
    if (*slot)
        return *slot;
    int64_t *added = table_add(&builder->freqs, sizeof *added, err);
    if (!added)
        return 0;
    *added = freq;
    if (builder->freqs.n > JIEBA_MAX_COST) {
        err_set(err, "more than %u different frequencies", JIEBA_MAX_COST);
        return 0;
    }
    return *slot = (uint32_t)(builder->freqs.n - 1);
}

/* The labels of a word: their number, 0 where a character has none, or -1 with a reason. */
static int read_labels(struct str word, uint16_t *labels, struct err *err)
{
    int n = 0;
    for (size_t i = 0; i < word.len;) {
        uint32_t code;
        size_t len = utf8_read(word.at + i, word.len - i, &code);
        if (!len)
            return err_set(err, "the word '%.*s' is no UTF-8", (int)word.len, word.at);
        if (n == MAX_DEPTH)
            return err_set(err, "the word '%.40s…' is longer than %d characters", word.at,
                           MAX_DEPTH);
        uint32_t label = jieba_label(code);
        if (!label)
            return 0;
        labels[n++] = (uint16_t)label;
        i += len;
    }
    return n;
}

int jieba_builder_add(struct jieba_builder *builder, struct str word, int64_t freq, struct err *err)
{
    uint16_t labels[MAX_DEPTH];
    if (freq < 1 || freq > INT64_MAX - builder->total)
        return err_set(err, "the frequency of '%.*s' is out of range", (int)word.len, word.at);
    int n = read_labels(word, labels, err);
    if (n < 0)
        return -1;
    builder->total += freq;
    if (n == 0)
        return 0;
    size_t depth = 0; /* how much of the path to the last word is shared */
    while (depth < builder->depth && depth < (size_t)n && builder->labels[depth] == labels[depth])
        depth++;
    for (; depth < (size_t)n; depth++) {
        uint32_t node = add_node(builder, builder->path[depth], labels[depth], err);
        if (node == NOTHING)
            return -1;
        builder->path[depth + 1] = node;
        builder->labels[depth] = labels[depth];
    }
    builder->depth = (size_t)n;
    uint32_t cost = cost_index(builder, freq, err);
    if (!cost)
        return -1;
    node_at(builder, builder->path[n])->cost = cost;
    return 0;
}

/* Make the bitmaps reach all units that a node at `base` can have for children. */
static int reach(struct jieba_builder *builder, size_t base, struct err *err)
{
    size_t need = (base + JIEBA_LABELS) / 64 + 3;
    if (need <= builder->n_words)
        return 0;
    size_t n = need + need / 2;
    uint64_t *taken = realloc(builder->taken, n * sizeof *taken);
    if (taken)
        builder->taken = taken;
    uint64_t *bases = realloc(builder->bases, n * sizeof *bases);
    if (bases)
        builder->bases = bases;
    if (!taken || !bases || base >= JIEBA_MAX_BASE - JIEBA_LABELS)
        return err_set(err, "the dictionary is too large: no room past unit %zu", base);
    memset(taken + builder->n_words, 0, (n - builder->n_words) * sizeof *taken);
    memset(bases + builder->n_words, 0, (n - builder->n_words) * sizeof *bases);
    builder->n_words = n;
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
static int find_base(struct jieba_builder *builder, struct node *node, size_t *from,
                     struct err *err)
{
    for (size_t base = *from;; base += 64) {
        if (reach(builder, base + 64, err))
            return -1;
        uint64_t fit = ~builder->bases[base / 64];
        for (uint32_t i = node->child; i != NOTHING && fit; i = node_at(builder, i)->sibling)
            fit &= ~bits_from(builder->taken, base + node_at(builder, i)->label);
        if (!fit)
            continue;
        *from += (base - *from) / 256 * 64;
        node->base = (uint32_t)(base + (size_t)__builtin_ctzll(fit));
        return 0;
    }
}

/* The same for a node with one child: the first free unit from `*from` on, at which every label can
 * lie, unless another node has the base that this would be. Sets `*from` to the first free unit. */
static int find_base_of_one(struct jieba_builder *builder, struct node *node, size_t *from,
                            struct err *err)
{
    uint32_t label = node_at(builder, node->child)->label;
    size_t first = 0;
    for (size_t unit = *from;; unit++) {
        if (reach(builder, unit, err))
            return -1;
        uint64_t free_units = ~bits_from(builder->taken, unit);
        if (!free_units) {
            unit += 63;
            continue;
        }
        unit += (size_t)__builtin_ctzll(free_units);
        first = first ? first : unit;
        if (has_bit(builder->bases, unit - label))
            continue;
        *from = first;
        node->base = (uint32_t)(unit - label);
        return 0;
    }
}

static int place(struct jieba_builder *builder, struct node *node, size_t *from, struct err *err)
{
    if (node->n_children == 1 ? find_base_of_one(builder, node, from, err)
                              : find_base(builder, node, from, err))
        return -1;
    set_bit(builder->bases, node->base);
    for (uint32_t i = node->child; i != NOTHING; i = node_at(builder, i)->sibling)
        set_bit(builder->taken, node->base + node_at(builder, i)->label);
    return 0;
}

/* Classes of nodes by their number of children: one, two, up to 4, 8, 16, ... */
static unsigned size_class(uint32_t n_children)
{
    return n_children < 2 ? 0 : 32 - (unsigned)__builtin_clz(n_children - 1);
}

/* Give every node with children its base, the nodes with most children first. Each class begins
 * where its last search ended: holes that it leaves behind are for smaller ones. */
static int place_all(struct jieba_builder *builder, struct err *err)
{
    if (reach(builder, 0, err))
        return -1;
    set_bit(builder->taken, 0); /* the root's own unit */
    set_bit(builder->bases, 0); /* base 0 means: no children */
    for (unsigned class = size_class(JIEBA_LABELS) + 1; class -- > 0;) {
        size_t from = class == 0 ? JIEBA_LABELS : 0;
        for (uint32_t i = ROOT; i < builder->nodes.n; i++) {
            struct node *node = node_at(builder, i);
            if (node->n_children && size_class(node->n_children) == class &&
                place(builder, node, &from, err))
                return -1;
        }
    }
    return 0;
}

/* One past the last base in use. */
static size_t bases_end(const struct jieba_builder *builder)
{
    size_t end = 1;
    for (uint32_t i = ROOT; i < builder->nodes.n; i++) {
        if (node_at(builder, i)->base >= end)
            end = node_at(builder, i)->base + 1;
    }
    return end;
}

static int fill_units(struct jieba_builder *builder, struct jieba_dict *dict, struct err *err)
{
    size_t n = bases_end(builder) + JIEBA_LABELS;
    builder->units = malloc(n * sizeof *builder->units);
    if (!builder->units)
        return err_set(err, "out of memory for %zu units", n);
    for (size_t i = 0; i < n; i++)
        builder->units[i] = jieba_unit_make(JIEBA_NO_LABEL, 0, 0);
    builder->units[0] = jieba_unit_make(JIEBA_NO_LABEL, 0, node_at(builder, ROOT)->base);
    for (uint32_t i = ROOT; i < builder->nodes.n; i++) {
        const struct node *node = node_at(builder, i);
        for (uint32_t c = node->child; c != NOTHING; c = node_at(builder, c)->sibling) {
            const struct node *child = node_at(builder, c);
            builder->units[node->base + child->label] =
                jieba_unit_make(child->label, child->cost, child->base);
        }
    }
    dict->units = builder->units;
    dict->n_units = (uint32_t)n;
    return 0;
}

/* jieba's calc(): log(freq) - log(total), in this order. */
static int fill_costs(struct jieba_builder *builder, int64_t total, struct jieba_dict *dict,
                      struct err *err)
{
    builder->costs = malloc(builder->freqs.n * sizeof *builder->costs);
    if (!builder->costs)
        return err_set(err, "out of memory for %zu costs", builder->freqs.n);
    double log_total = log(total > 0 ? (double)total : 1.0);
    for (size_t i = 0; i < builder->freqs.n; i++)
        builder->costs[i] = log((double)((int64_t *)builder->freqs.at)[i]) - log_total;
    dict->costs = builder->costs;
    dict->n_costs = (uint32_t)builder->freqs.n;
    return 0;
}

int jieba_builder_finish(struct jieba_builder *builder, int64_t more, struct jieba_dict *dict,
                         struct err *err)
{
    if (more < 0 || more > INT64_MAX - builder->total)
        return err_set(err, "the sum of the frequencies is out of range");
    if (place_all(builder, err) || fill_units(builder, dict, err))
        return -1;
    return fill_costs(builder, builder->total + more, dict, err);
}
