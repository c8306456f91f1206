#include "jieba/build.h"

#include "jieba/numbers.h"
#include "jieba/pack.h"
#include "jieba/tagset.h"
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

    struct jieba_numbers freqs; /* by cost index; [0] is 0 and [1] is 1 */
    int64_t total;
    struct jieba_tagset tagset;

    jieba_unit *units;
    uint16_t *tags;
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
    jieba_numbers_free(&builder->freqs);
    free(builder->units);
    free(builder->tags);
    free(builder->costs);
    free(builder);
}

struct jieba_builder *jieba_builder_new(struct err *err)
{
    struct jieba_builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        err_set(err, "out of memory for compiling words");
        return NULL;
    }
    jieba_tagset_init(&builder->tagset);
    if (jieba_numbers_add(&builder->freqs, 0, JIEBA_MAX_COST, err) != 0 || /* no word: -inf */
        jieba_numbers_add(&builder->freqs, 1, JIEBA_MAX_COST, err) != JIEBA_COST_OF_ONE ||
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

int jieba_builder_add(struct jieba_builder *builder, struct str word, int64_t freq, struct str tag,
                      struct err *err)
{
    uint16_t labels[MAX_DEPTH], tag_number;
    if (freq < 0 || freq > INT64_MAX - builder->total)
        return err_set(err, "the frequency of '%.*s' is out of range", (int)word.len, word.at);
    int n = read_labels(word, labels, err);
    if (n < 0 || jieba_tagset_add(&builder->tagset, tag, &tag_number, err))
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
    uint32_t cost = jieba_numbers_add(&builder->freqs, (uint64_t)freq, JIEBA_MAX_COST, err);
    if (cost == UINT32_MAX)
        return -1;
    node_at(builder, builder->path[n])->cost = cost;
    node_at(builder, builder->path[n])->tag = tag_number;
    return 0;
}

static int fill_units(struct jieba_builder *builder, struct jieba_dict *dict, struct err *err)
{
    uint32_t end;
    if (jieba_pack(builder->nodes.at, (uint32_t)builder->nodes.n, &end, err))
        return -1;
    size_t n = end + JIEBA_LABELS;
    builder->units = malloc(n * sizeof *builder->units);
    builder->tags = calloc(n, sizeof *builder->tags);
    if (!builder->units || !builder->tags)
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
            builder->tags[node->base + child->label] = child->tag;
        }
    }
    dict->units = builder->units;
    dict->n_units = (uint32_t)n;
    dict->tags = builder->tags;
    dict->tag_names = builder->tagset.names;
    dict->n_tags = builder->tagset.n;
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
        builder->costs[i] = log((double)builder->freqs.at[i]) - log_total;
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
