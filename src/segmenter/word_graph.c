#include "segmenter/word_graph.h"

#include "segmenter/hmm.h"
#include "segmenter/output.h"

#include <math.h>

bool word_graph_forbids(const struct word_graph *graph, struct span span)
{
    uint32_t ignored;
    return word_table_find(&graph->forbidden, word_graph_text(graph, span), &ignored);
}

/* Whether the characters [begin, end) are the word that the variant changes. */
static bool is_changed(const struct word_graph *graph, const struct dict_variant *variant,
                       size_t begin, size_t end)
{
    return variant->n > 0 && end - begin == variant->n &&
           !memcmp(graph->labels + begin, graph->labels + variant->begin,
                   variant->n * sizeof *graph->labels);
}

/* Add a word of Chinese characters that the model has found; its characters, if it is forbidden. */
static void add_hmm_word(struct word_graph *graph, struct span span)
{
    bool forbidden = is_changed(graph, graph->hmm_variant, span.begin, span.end)
                         ? graph->hmm_variant->freq == 0
                         : word_graph_forbids(graph, span);
    if (!forbidden)
        explained_word_add(graph->hmm_words, (struct explained_word){span, ORIGIN_HMM, span, 0});
    for (size_t i = span.begin; forbidden && i < span.end; i++)
        explained_word_add(graph->hmm_words,
                           (struct explained_word){{i, i + 1}, ORIGIN_DICT, span, 0});
}

/* Receives the words that the model finds in a run; each begins where the last one ended. */
static int add_hmm_words(void *arg, const struct str *words, size_t n)
{
    struct word_graph *graph = arg;
    const char *block = graph->seg.block;
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < n; i++) {
        while (block + graph->offsets[begin] < words[i].at)
            begin++;
        for (end = begin; block + graph->offsets[end] < words[i].at + words[i].len; end++)
            ;
        struct span span = {begin, end};
        if (label_is_han(graph->labels[begin]))
            add_hmm_word(graph, span);
        else
            explained_word_add(graph->hmm_words,
                               (struct explained_word){span, ORIGIN_RULE, span, 0});
    }
    return 0;
}

void word_graph_init(struct word_graph *graph, const struct dict *dict, bool hmm)
{
    graph->dict = *dict;
    graph->dict.forbidden = (struct word_table){0};
    graph->forbidden = dict->forbidden;
    graph->seg.dict = &graph->dict;
    graph->seg.labels = graph->labels;
    graph->seg.offsets = graph->offsets;
    graph->seg.back = graph->back;
    graph->hmm = hmm;
    output_begin(&graph->seg, add_hmm_words, NULL, graph);
}

void word_graph_free(struct word_graph *graph)
{
    buf_free(&graph->edges);
    buf_free(&graph->log_freqs);
}

bool word_graph_has_failed(const struct word_graph *graph)
{
    return graph->edges.failed || graph->log_freqs.failed;
}

static void add_edge(struct word_graph *graph, struct span span, int64_t freq, double logp)
{
    struct explain_edge edge = {.span = span, .freq = freq, .logp = logp};
    double log_freq = log(freq ? (double)freq : 1.0);
    buf_add(&graph->edges, &edge, sizeof edge);
    buf_add(&graph->log_freqs, &log_freq, sizeof log_freq);
}

/* Add the words that begin at character i; the character alone if none does. */
static void add_edges_at(struct word_graph *graph, size_t i)
{
    const struct dict *dict = graph->seg.dict;
    size_t before = graph->edges.len;
    dict_unit node = dict->units[0];
    for (size_t end = i; end < graph->seg.n; end++) {
        uint32_t label = graph->labels[end];
        node = dict_unit_if(dict_child(dict, node, label), label);
        if (!node)
            break;
        uint32_t prob = dict_unit_prob(node);
        if (prob)
            add_edge(graph, (struct span){i, end + 1}, dict->freqs[prob], dict->log_probs[prob]);
    }
    if (graph->edges.len == before)
        add_edge(graph, (struct span){i, i + 1}, 0, dict->log_probs[DICT_PROB_OF_ONE]);
}

void word_graph_build(struct word_graph *graph)
{
    buf_reset(&graph->edges);
    buf_reset(&graph->log_freqs);
    for (size_t i = 0; i < graph->seg.n; i++) {
        graph->first_edge[i] = graph->edges.len / sizeof(struct explain_edge);
        add_edges_at(graph, i);
    }
    graph->first_edge[graph->seg.n] = graph->edges.len / sizeof(struct explain_edge);
}

/* Use a word [i, end) if it makes the path from i better. A tie goes to the longer word. */
static void weigh_word(struct word_graph *graph, size_t i, size_t end, double logp)
{
    double sum = logp + graph->best[end];
    if (graph->ends[i] == 0 || sum > graph->best[i] ||
        (sum == graph->best[i] && end > graph->ends[i])) {
        graph->best[i] = sum;
        graph->ends[i] = (uint32_t)end;
    }
}

/* Weigh the words that begin at character i and end at `end` at most. */
static void weigh_words_at(struct word_graph *graph, size_t i, size_t end,
                           const struct dict_variant *variant)
{
    size_t n;
    const struct explain_edge *edges = word_graph_edges(graph, &n);
    const double *log_freqs = (const double *)(const void *)graph->log_freqs.at;
    graph->ends[i] = 0;
    for (size_t k = graph->first_edge[i]; k < graph->first_edge[i + 1]; k++) {
        size_t stop = edges[k].span.end;
        if (edges[k].freq && stop <= end && !is_changed(graph, variant, i, stop))
            weigh_word(graph, i, stop,
                       variant->n ? log_freqs[k] - variant->log_total : edges[k].logp);
    }
    if (variant->freq && i + variant->n <= end && is_changed(graph, variant, i, i + variant->n))
        weigh_word(graph, i, i + variant->n, log((double)variant->freq) - variant->log_total);
    if (!graph->ends[i])
        weigh_word(graph, i, i + 1,
                   variant->n ? log(1) - variant->log_total
                              : graph->seg.dict->log_probs[DICT_PROB_OF_ONE]);
}

void word_graph_find_best_path(struct word_graph *graph, size_t begin, size_t end,
                               const struct dict_variant *variant)
{
    graph->best[end] = 0;
    graph->ends[end] = 0;
    for (size_t i = end; i-- > begin;)
        weigh_words_at(graph, i, end, variant);
}

void word_graph_mark_best_path(struct word_graph *graph)
{
    size_t n;
    struct explain_edge *edges = word_graph_edges(graph, &n);
    for (size_t i = 0; i < graph->seg.n; i = graph->ends[i]) {
        for (size_t k = graph->first_edge[i]; k < graph->first_edge[i + 1]; k++)
            edges[k].on_best_path = edges[k].span.end == graph->ends[i];
    }
}

/* The frequency of characters as a word, or 0 if they are not one. */
static int64_t word_freq(const struct word_graph *graph, const struct dict_variant *variant,
                         size_t begin, size_t end)
{
    const struct dict *dict = graph->seg.dict;
    if (is_changed(graph, variant, begin, end))
        return variant->freq;
    uint32_t prob = dict_find(dict, graph->labels + begin, end - begin);
    return prob ? dict->freqs[prob] : 0;
}

/* Add a word of the best path: a word of the dictionary, or a character alone. */
static void add_path_word(const struct word_graph *graph, const struct dict_variant *variant,
                          struct buf *words, size_t begin, size_t end)
{
    int64_t freq = word_freq(graph, variant, begin, end);
    explained_word_add(words, (struct explained_word){.span = {begin, end},
                                                      .from = freq ? ORIGIN_DICT : ORIGIN_RULE,
                                                      .row = {begin, end},
                                                      .freq = freq});
}

/* Add the words of a run of two or more single characters. */
static void add_run(struct word_graph *graph, const struct dict_variant *variant, struct buf *words,
                    struct buf *runs, size_t begin, size_t end)
{
    struct span span = {begin, end};
    int64_t freq = word_freq(graph, variant, begin, end);
    for (size_t i = begin; freq && i < end; i++)
        explained_word_add(words, (struct explained_word){{i, i + 1}, ORIGIN_DICT, span, freq});
    if (freq)
        return;
    size_t first = words->len / sizeof(struct explained_word);
    graph->hmm_words = words;
    graph->hmm_variant = variant;
    cut_by_hmm(&graph->seg, begin, end);
    output_flush(&graph->seg);
    size_t n = words->len / sizeof(struct explained_word) - first;
    buf_add(runs, &(struct explain_run){span, first, n}, sizeof(struct explain_run));
}

/* The end of the run of single characters that begins at i; without the model, of single letters
 * and digits. Returns i if there is no run. */
static size_t end_of_run(const struct word_graph *graph, size_t i)
{
    while (graph->ends[i] == i + 1 && (graph->hmm || label_is_alnum(graph->labels[i])))
        i++;
    return i;
}

void word_graph_find_words(struct word_graph *graph, const struct dict_variant *variant,
                           struct span part, struct buf *words, struct buf *runs)
{
    buf_reset(words);
    buf_reset(runs);
    for (size_t i = 0, end; i < part.end; i = end) {
        end = end_of_run(graph, i);
        bool run = end > i + 1;
        if (!run)
            end = graph->ends[i];
        if (end <= part.begin)
            continue;
        if (!run)
            add_path_word(graph, variant, words, i, end);
        else if (graph->hmm)
            add_run(graph, variant, words, runs, i, end);
        else
            explained_word_add(words, (struct explained_word){{i, end}, ORIGIN_RULE, {i, end}, 0});
    }
}
