/*
 * jieba's TextRank.textrank(), after Mihalcea and Tarau 2004: an edge joins words that are near
 * each other, and the rank of a word follows from the ranks of the words that it is joined to.
 *
 * All sums are computed in Python's order: the nodes in the order of their strings, and the edges
 * of a node in the order in which their pairs first occur in the text.
 */
#include "segmenter/keywords.h"
#include "segmenter/terms.h"

#include <float.h>
#include <stdlib.h>

#define SPAN       5 /* A word is near the words, of any kind, at most SPAN - 1 places after it. */
#define DAMPING    0.85
#define ITERATIONS 10

/* Two words that are near each other. */
struct pair {
    uint32_t first, second; /* The ids of the words, in the order of the text. */
    uint32_t order;         /* When the pair first occurs, among all pairs. */
    uint32_t count;         /* How often the pair occurs. */
};

struct pairs {
    struct pair *at; /* [n] Owned. */
    size_t n;
};

/* An edge, seen from one of its two nodes. */
struct edge {
    uint32_t to; /* The other node. */
    uint32_t weight;
};

struct node {
    double rank;
    double out;          /* The sum of the weights of its edges; 0 if it has none. */
    uint32_t at, len;    /* The first byte of the word in the text, and its length in bytes. */
    uint32_t order;      /* When it got its first edge, among all nodes. */
    uint32_t begin, end; /* Its edges. */
};

struct graph {
    struct node *nodes; /* [n_nodes] The nodes by the id of their word, owned. */
    size_t n_nodes;
    struct edge *edges; /* Owned. */
};

static int compare_by_place(const void *left, const void *right)
{
    const struct term *a = left, *b = right;
    return (a->place > b->place) - (a->place < b->place);
}

static int compare_by_ids(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static int compare_by_order(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

/* Merge equal pairs into one with their count, and sort the pairs by when they first occur. */
static void merge_pairs(struct pairs *pairs)
{
    size_t n = 0;
    qsort(pairs->at, pairs->n, sizeof *pairs->at, compare_by_ids);
    for (size_t i = 0; i < pairs->n; i++) {
        const struct pair *pair = &pairs->at[i];
        if (n > 0 && pairs->at[n - 1].first == pair->first &&
            pairs->at[n - 1].second == pair->second)
            pairs->at[n - 1].count++;
        else
            pairs->at[n++] = *pair;
    }
    pairs->n = n;
    qsort(pairs->at, pairs->n, sizeof *pairs->at, compare_by_order);
}

/* Find the pairs of the terms, which have the order of the text. */
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

/* Count an edge of a node in `end`; its first edge sets its order among the nodes. */
static void count_edge(struct node *node, uint32_t weight, uint32_t *n_connected)
{
    if (node->out == 0)
        node->order = (*n_connected)++;
    node->out += weight;
    node->end++;
}

/* Divide the array of edges among the nodes, whose `end` has their number. Returns how many edges
 * there are. */
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

/* Add the edges of all pairs. A pair of a word with itself gives its node two edges. */
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
        graph->nodes[i].rank = 1.0 / n_connected;
    return 0;
}

/* Compute the ranks of all nodes once more, each from those of its neighbours. */
static void iterate_ranks(struct graph *graph)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        struct node *node = &graph->nodes[i];
        double sum = 0;
        for (size_t k = node->begin; k < node->end; k++) {
            const struct edge *edge = &graph->edges[k];
            const struct node *to = &graph->nodes[edge->to];
            sum += edge->weight / to->out * to->rank;
        }
        node->rank = (1 - DAMPING) + DAMPING * sum;
    }
}

/* Move the nodes that have edges to the front, and scale their ranks as jieba does. Returns how
 * many there are. */
static size_t scale_ranks(struct graph *graph)
{
    double low = DBL_MAX, high = DBL_MIN;
    size_t n = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        if (graph->nodes[i].out == 0)
            continue;
        graph->nodes[n++] = graph->nodes[i];
        low = graph->nodes[i].rank < low ? graph->nodes[i].rank : low;
        high = graph->nodes[i].rank > high ? graph->nodes[i].rank : high;
    }
    for (size_t i = 0; i < n; i++)
        graph->nodes[i].rank = (graph->nodes[i].rank - low / 10.0) / (high - low / 10.0);
    return n;
}

/* Make a node of each of the `n` different words; the terms are as terms_number() leaves them. */
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

/* Make the graph of the terms. Overwrites their order. */
static int make_graph(struct graph *graph, struct terms *terms, const struct idf *weights,
                      struct err *err)
{
    struct pairs pairs = {0};
    if (make_nodes(graph, terms, terms_number(terms, weights), err))
        return -1;
    if (terms->n > 0)
        qsort(terms->at, terms->n, sizeof *terms->at, compare_by_place);
    int status = find_pairs(terms, &pairs, err) ? -1 : join_nodes(graph, &pairs, err);
    free(pairs.at);
    return status;
}

/* Compute the ranks, and set `*found` to the keywords. */
static int rank_nodes(struct graph *graph, const struct keyword_query *query,
                      struct keywords *found, struct err *err)
{
    for (int i = 0; i < ITERATIONS; i++)
        iterate_ranks(graph);
    size_t n = scale_ranks(graph);
    struct ranked_term *words = malloc((n + 1) * sizeof *words);
    if (!words)
        return err_set(err, "out of memory for %zu keywords", n);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &graph->nodes[i];
        words[i] = (struct ranked_term){node->rank, node->order, node->at, node->len};
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
        status = make_graph(&graph, &terms, query->weights, err);
    if (!status)
        status = rank_nodes(&graph, query, found, err);
    free(graph.nodes);
    free(graph.edges);
    terms_free(&terms);
    return status;
}
