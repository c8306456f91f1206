/*
 * textrank: jieba's TextRank.textrank(), after Mihalcea and Tarau 2004: words that stand near each
 * other are joined by an edge, and a word is worth what those are that it is joined to.
 *
 * All sums are made in Python's order: the nodes take turns in the order of their strings, the
 * edges of each in the order in which the pairs came, first in the text first.
 */
#include "segmenter/terms.h"

#include <float.h>
#include <stdlib.h>

#define SPAN       5 /* a word and the four behind it, of any kind, stand near each other */
#define DAMPING    0.85
#define ITERATIONS 10

/* Two words that stand near each other, one behind the other, and how often they do. */
struct pair {
    uint32_t first, second; /* ids */
    uint32_t order, count;
};

struct pairs {
    struct pair *at; /* [n], owned */
    size_t n;
};

/* An edge, as one of its nodes has it. */
struct edge {
    uint32_t to;
    uint32_t weight;
};

struct node {
    double weight, out;  /* its rank; the sum of the weights of its edges, 0 for none */
    uint32_t at, len;    /* the word in the text */
    uint32_t order;      /* among the nodes, by when each came into the graph */
    uint32_t begin, end; /* its edges */
};

struct graph {
    struct node *nodes; /* [n_nodes] by id, owned */
    size_t n_nodes;
    struct edge *edges; /* owned */
};

static int by_place(const void *left, const void *right)
{
    const struct term *a = left, *b = right;
    return (a->place > b->place) - (a->place < b->place);
}

static int by_ids(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

/* Count the pairs that are the same as one, and leave them in the order of their first. */
static void merge_pairs(struct pairs *pairs)
{
    size_t n = 0;
    qsort(pairs->at, pairs->n, sizeof *pairs->at, by_ids);
    for (size_t i = 0; i < pairs->n; i++) {
        const struct pair *pair = &pairs->at[i];
        if (n > 0 && pairs->at[n - 1].first == pair->first &&
            pairs->at[n - 1].second == pair->second)
            pairs->at[n - 1].count++;
        else
            pairs->at[n++] = *pair;
    }
    pairs->n = n;
    qsort(pairs->at, pairs->n, sizeof *pairs->at, by_order);
}

/* Find the pairs of terms that are in the order of the text. */
static int find_pairs(const struct terms *terms, struct pairs *pairs, struct err *err)
{
    pairs->at = malloc((terms->n * (SPAN - 1) + 1) * sizeof *pairs->at);
    if (!pairs->at)
        return err_set(err, "out of memory for the pairs of %zu words", terms->n);
    for (size_t i = 0; i < terms->n; i++) {
        for (size_t j = i + 1; j < terms->n && terms->at[j].place - terms->at[i].place < SPAN;
             j++) {
            pairs->at[pairs->n] = (struct pair){
                .first = terms->at[i].id,
                .second = terms->at[j].id,
                .order = (uint32_t)pairs->n,
                .count = 1,
            };
            pairs->n++;
        }
    }
    if (pairs->n > 0)
        merge_pairs(pairs);
    return 0;
}

/* Give a node one more edge to come, and its place among the nodes with its first. */
static void count_edge(struct node *node, uint32_t weight, uint32_t *n_connected)
{
    if (node->out == 0)
        node->order = (*n_connected)++;
    node->out += weight;
    node->end++;
}

/* Make room for the edges of the nodes: turn their counts into places. Returns how many there are.
 */
static size_t place_edges(struct graph *graph)
{
    uint32_t n = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        struct node *node = &graph->nodes[i];
        uint32_t count = node->end;
        node->begin = node->end = n;
        n += count;
    }
    return n;
}

static void add_edge(struct graph *graph, uint32_t from, uint32_t to, uint32_t weight)
{
    graph->edges[graph->nodes[from].end++] = (struct edge){to, weight};
}

/* Join the nodes. A pair of the same word twice is two edges of it. */
static int join_nodes(struct graph *graph, const struct pairs *pairs, struct err *err)
{
    uint32_t n_connected = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        const struct pair *pair = &pairs->at[i];
        count_edge(&graph->nodes[pair->first], pair->count, &n_connected);
        count_edge(&graph->nodes[pair->second], pair->count, &n_connected);
    }
    size_t n = place_edges(graph);
    graph->edges = malloc((n + 1) * sizeof *graph->edges);
    if (!graph->edges)
        return err_set(err, "out of memory for %zu edges", n);
    for (size_t i = 0; i < pairs->n; i++) {
        const struct pair *pair = &pairs->at[i];
        add_edge(graph, pair->first, pair->second, pair->count);
        add_edge(graph, pair->second, pair->first, pair->count);
    }
    for (size_t i = 0; i < graph->n_nodes; i++)
        graph->nodes[i].weight = 1.0 / n_connected;
    return 0;
}

static void iterate(struct graph *graph)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        struct node *node = &graph->nodes[i];
        double sum = 0;
        for (size_t k = node->begin; k < node->end; k++) {
            const struct edge *edge = &graph->edges[k];
            const struct node *to = &graph->nodes[edge->to];
            sum += edge->weight / to->out * to->weight;
        }
        node->weight = (1 - DAMPING) + DAMPING * sum;
    }
}

/* Move the nodes that have edges to the front, and scale their weights. Returns how many there are.
 */
static size_t unify(struct graph *graph)
{
    double low = DBL_MAX, high = DBL_MIN;
    size_t n = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        if (graph->nodes[i].out == 0)
            continue;
        graph->nodes[n++] = graph->nodes[i];
        low = graph->nodes[i].weight < low ? graph->nodes[i].weight : low;
        high = graph->nodes[i].weight > high ? graph->nodes[i].weight : high;
    }
    for (size_t i = 0; i < n; i++)
        graph->nodes[i].weight = (graph->nodes[i].weight - low / 10.0) / (high - low / 10.0);
    return n;
}

/* Make a node of each different word; the terms come as terms_number() leaves them. */
static int make_nodes(struct graph *graph, const struct terms *terms, size_t n, struct err *err)
{
    graph->n_nodes = n;
    graph->nodes = calloc(n + 1, sizeof *graph->nodes);
    if (!graph->nodes)
        return err_set(err, "out of memory for %zu words", n);
    for (size_t i = terms->n; i-- > 0;) {
        graph->nodes[terms->at[i].id].at = terms->at[i].at;
        graph->nodes[terms->at[i].id].len = terms->at[i].len;
    }
    return 0;
}

/* Make the graph of a text's terms. */
static int make_graph(struct graph *graph, struct terms *terms, const struct idf *weights,
                      struct err *err)
{
    struct pairs pairs = {0};
    if (make_nodes(graph, terms, terms_number(terms, weights), err))
        return -1;
    if (terms->n > 0)
        qsort(terms->at, terms->n, sizeof *terms->at, by_place);
    int status = find_pairs(terms, &pairs, err) ? -1 : join_nodes(graph, &pairs, err);
    free(pairs.at);
    return status;
}

static int rank_nodes(struct graph *graph, const struct keyword_query *query,
                      struct keywords *found, struct err *err)
{
    for (int i = 0; i < ITERATIONS; i++)
        iterate(graph);
    size_t n = unify(graph);
    struct ranked_term *words = malloc((n + 1) * sizeof *words);
    if (!words)
        return err_set(err, "out of memory for %zu keywords", n);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &graph->nodes[i];
        words[i] = (struct ranked_term){node->weight, node->order, node->at, node->len};
    }
    int status = terms_rank(words, n, query, found, err);
    free(words);
    return status;
}

int keywords_textrank(struct segmenter *seg, const struct keyword_query *query,
                      struct keywords *found, struct err *err)
{
    struct graph graph = {0};
    struct terms terms = {.text = query->text};
    *found = (struct keywords){0};
    int status = terms_tag(seg, query, &terms, err);
    if (!status)
        status =
            make_graph(&graph, &terms, query->weights, err) || rank_nodes(&graph, query, found, err)
                ? -1
                : 0;
    free(graph.nodes);
    free(graph.edges);
    terms_free(&terms);
    return status;
}
