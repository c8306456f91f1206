#include "jieba/build.h"

#include "jieba/pack.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 256 /* characters of a word; the store refuses longer ones much earlier */

/* An array that grows; `at` is owned. */
struct table {
    void *at;
    size_t n, cap;
};

struct jieba_builder {
    struct table nodes;           /* struct jieba_node; the root first */
    uint32_t path[MAX_DEPTH + 1]; /* the nodes of the last word, from the root */
    uint16_t labels[MAX_DEPTH];   /* its labels */
    size_t depth;

    struct table freqs; /* int64_t by cost index; [0] is 0 and [1] is 1 */
    uint32_t *index;    /* hash table of n_index slots, a power of two: cost index or 0 */
    size_t n_index;
    int64_t total;

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

static struct jieba_node *node_at(const struct jieba_builder *builder, uint32_t i)
{
    return (struct jieba_node *)builder->nodes.at + i;
}

/* Append a node, as the first child of `parent` unless that is JIEBA_NO_NODE. Its number, or
 * JIEBA_NO_NODE. */
static uint32_t add_node(struct jieba_builder *builder, uint32_t parent, uint32_t label,
                         struct err *err)
{
    struct jieba_node *node = table_add(&builder->nodes, sizeof *node, err);
    if (!node)
        return JIEBA_NO_NODE;
    uint32_t number = (uint32_t)(builder->nodes.n - 1);
    *node = (struct jieba_node){.child = JIEBA_NO_NODE, .sibling = JIEBA_NO_NODE, .label = label};
    if (parent != JIEBA_NO_NODE) {
        node->sibling = node_at(builder, parent)->child;
        node_at(builder, parent)->child = number;
        node_at(builder, parent)->n_children++;
    }
    return number;
}

void jieba_builder_free(struct jieba_builder *builder)
{
    if (!builder)
        return;
    free(builder->nodes.at);
    free(builder->freqs.at);
    free(builder->index);
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

struct jieba_builder *jieba_builder_new(struct err *err)
{
    struct jieba_builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        err_set(err, "out of memory for compiling words");
        return NULL;
    }
    int64_t *none = table_add(&builder->freqs, sizeof *none, err); /* its logarithm is -inf */
    if (none)
        *none = 0;
    if (!none || cost_index(builder, 1, err) != JIEBA_COST_OF_ONE ||
        add_node(builder, JIEBA_NO_NODE, JIEBA_NO_LABEL, err) == JIEBA_NO_NODE) {
        jieba_builder_free(builder);
        return NULL;
    }
    return builder;
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
        if (node == JIEBA_NO_NODE)
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

static int fill_units(struct jieba_builder *builder, struct jieba_dict *dict, struct err *err)
{
    uint32_t end;
    if (jieba_pack(builder->nodes.at, (uint32_t)builder->nodes.n, &end, err))
        return -1;
    size_t n = end + JIEBA_LABELS;
    builder->units = malloc(n * sizeof *builder->units);
    if (!builder->units)
        return err_set(err, "out of memory for %zu units", n);
    for (size_t i = 0; i < n; i++)
        builder->units[i] = jieba_unit_make(JIEBA_NO_LABEL, 0, 0);
    builder->units[0] = jieba_unit_make(JIEBA_NO_LABEL, 0, node_at(builder, 0)->base);
    for (uint32_t i = 0; i < builder->nodes.n; i++) {
        const struct jieba_node *node = node_at(builder, i);
        for (uint32_t c = node->child; c != JIEBA_NO_NODE; c = node_at(builder, c)->sibling) {
            const struct jieba_node *child = node_at(builder, c);
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
    if (fill_units(builder, dict, err))
        return -1;
    return fill_costs(builder, builder->total + more, dict, err);
}
