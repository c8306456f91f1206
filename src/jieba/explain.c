#include "jieba/explain.h"

#include "jieba/explainer.h"
#include "jieba/phrases.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

/* Whether the characters [begin, end) are the word that the variant changes. */
static bool is_changed(const struct jieba_explainer *explainer, const struct jieba_variant *variant,
                       size_t begin, size_t end)
{
    return variant->n > 0 && end - begin == variant->n &&
           !memcmp(explainer->labels + begin, explainer->labels + variant->begin,
                   variant->n * sizeof *explainer->labels);
}

static void add_edge(struct jieba_explainer *explainer, struct jieba_span span, int64_t freq,
                     double logp)
{
    struct jieba_edge edge = {.span = span, .freq = freq, .logp = logp};
    double log_freq = log(freq ? (double)freq : 1.0);
    buf_add(&explainer->edges, &edge, sizeof edge);
    buf_add(&explainer->logs, &log_freq, sizeof log_freq);
}

/* The words that begin at character i, into the graph. */
static void add_edges(struct jieba_explainer *explainer, size_t i)
{
    const struct jieba_dict *dict = explainer->jieba.dict;
    size_t before = explainer->edges.len;
    jieba_unit node = dict->units[0];
    for (size_t end = i; end < explainer->part.n; end++) {
        uint32_t label = explainer->labels[end];
        node = jieba_unit_if(jieba_child(dict, node, label), label);
        if (!node)
            break;
        uint32_t cost = jieba_unit_cost(node);
        if (cost)
            add_edge(explainer, (struct jieba_span){i, end + 1}, dict->freqs[cost],
                     dict->costs[cost]);
    }
    if (explainer->edges.len == before)
        add_edge(explainer, (struct jieba_span){i, i + 1}, 0, dict->costs[JIEBA_COST_OF_ONE]);
}

static void find_graph(struct jieba_explainer *explainer)
{
    buf_reset(&explainer->edges);
    buf_reset(&explainer->logs);
    for (size_t i = 0; i < explainer->part.n; i++) {
        explainer->first_edge[i] = explainer->edges.len / sizeof(struct jieba_edge);
        add_edges(explainer, i);
    }
    explainer->first_edge[explainer->part.n] = explainer->edges.len / sizeof(struct jieba_edge);
}

static struct jieba_edge *edges_of(const struct jieba_explainer *explainer)
{
    return (struct jieba_edge *)(void *)explainer->edges.at;
}

/* See whether a word of this logarithm makes a better way; ties go to the longer word. */
static void weigh(struct jieba_explainer *explainer, size_t i, size_t end, double logp)
{
    double sum = logp + explainer->route[end];
    if (explainer->ends[i] == 0 || sum > explainer->route[i] ||
        (sum == explainer->route[i] && end > explainer->ends[i])) {
        explainer->route[i] = sum;
        explainer->ends[i] = (uint32_t)end;
    }
}

void jieba_explain_route(struct jieba_explainer *explainer, size_t begin, size_t end,
                         const struct jieba_variant *variant)
{
    const struct jieba_edge *edges = edges_of(explainer);
    const double *logs = (const double *)(const void *)explainer->logs.at;
    explainer->route[end] = 0;
    explainer->ends[end] = 0;
    for (size_t i = end; i-- > begin;) {
        explainer->ends[i] = 0;
        for (size_t k = explainer->first_edge[i]; k < explainer->first_edge[i + 1]; k++) {
            size_t stop = edges[k].span.end;
            if (!edges[k].freq || stop > end || is_changed(explainer, variant, i, stop))
                continue;
            weigh(explainer, i, stop, variant->n ? logs[k] - variant->log_total : edges[k].logp);
        }
        if (variant->freq && i + variant->n <= end &&
            is_changed(explainer, variant, i, i + variant->n))
            weigh(explainer, i, i + variant->n, log((double)variant->freq) - variant->log_total);
        if (!explainer->ends[i])
            weigh(explainer, i, i + 1,
                  variant->n ? log(1) - variant->log_total
                             : explainer->jieba.dict->costs[JIEBA_COST_OF_ONE]);
    }
}

/* The frequency of characters as a word, 0 where they are none. */
static int64_t freq_of(const struct jieba_explainer *explainer, const struct jieba_variant *variant,
                       size_t begin, size_t end)
{
    const struct jieba_dict *dict = explainer->jieba.dict;
    if (is_changed(explainer, variant, begin, end))
        return variant->freq;
    uint32_t cost = jieba_find(dict, explainer->labels + begin, end - begin);
    return cost ? dict->freqs[cost] : 0;
}

static void put(struct buf *words, size_t begin, size_t end, enum jieba_origin from,
                struct jieba_span row, int64_t freq)
{
    struct jieba_explained_word word = {{begin, end}, from, row, freq};
    buf_add(words, &word, sizeof word);
}

/* Put characters as a word that the route took: one of the dictionary, or a character alone. */
static void put_taken(const struct jieba_explainer *explainer, const struct jieba_variant *variant,
                      struct buf *words, size_t begin, size_t end)
{
    int64_t freq = freq_of(explainer, variant, begin, end);
    put(words, begin, end, freq ? JIEBA_FROM_WORDS : JIEBA_FROM_RULE,
        (struct jieba_span){begin, end}, freq);
}

/* Takes what the model makes of a run; each word begins where the last one ended. */
static int take_words(void *arg, const struct str *words, size_t n)
{
    struct jieba_explainer *explainer = arg;
    const char *block = explainer->part.text.at;
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < n; i++) {
        while (block + explainer->offsets[begin] < words[i].at)
            begin++;
        for (end = begin; block + explainer->offsets[end] < words[i].at + words[i].len; end++)
            ;
        put(explainer->to_words, begin, end,
            jieba_is_han(explainer->labels[begin]) ? JIEBA_FROM_MODEL : JIEBA_FROM_RULE,
            (struct jieba_span){begin, end}, 0);
    }
    return 0;
}

/* Two characters or more that the route leaves alone. */
static void put_run(struct jieba_explainer *explainer, const struct jieba_variant *variant,
                    struct buf *words, struct buf *runs, size_t begin, size_t end)
{
    struct jieba_span span = {begin, end};
    int64_t freq = freq_of(explainer, variant, begin, end);
    for (size_t i = begin; freq && i < end; i++)
        put(words, i, i + 1, JIEBA_FROM_WORDS, span, freq);
    if (freq)
        return;
    size_t first = words->len / sizeof(struct jieba_explained_word);
    explainer->to_words = words;
    jieba_cut_by_model(&explainer->jieba, begin, end);
    jieba_flush(&explainer->jieba);
    size_t n = words->len / sizeof(struct jieba_explained_word) - first;
    buf_add(runs, &(struct jieba_run){span, first, n}, sizeof(struct jieba_run));
}

/* The end of the characters from i on that the route leaves alone, of letters and digits only
 * without the model. */
static size_t end_of_run(const struct jieba_explainer *explainer, size_t i)
{
    while (explainer->ends[i] == i + 1 && (explainer->hmm || jieba_is_alnum(explainer->labels[i])))
        i++;
    return i;
}

void jieba_explain_words(struct jieba_explainer *explainer, const struct jieba_variant *variant,
                         struct jieba_span part, struct buf *words, struct buf *runs)
{
    buf_reset(words);
    buf_reset(runs);
    for (size_t i = 0, end; i < part.end; i = end) {
        end = end_of_run(explainer, i);
        bool run = end > i + 1;
        if (!run)
            end = explainer->ends[i];
        if (end <= part.begin)
            continue;
        if (!run)
            put_taken(explainer, variant, words, i, end);
        else if (explainer->hmm)
            put_run(explainer, variant, words, runs, i, end);
        else
            put(words, i, end, JIEBA_FROM_RULE, (struct jieba_span){i, end}, 0);
    }
}

static void mark_route(struct jieba_explainer *explainer)
{
    struct jieba_edge *edges = edges_of(explainer);
    for (size_t i = 0; i < explainer->part.n; i = explainer->ends[i]) {
        for (size_t k = explainer->first_edge[i]; k < explainer->first_edge[i + 1]; k++)
            edges[k].on_route = edges[k].span.end == explainer->ends[i];
    }
}

static void explain_block(struct jieba_explainer *explainer)
{
    static const struct jieba_variant as_it_is;
    struct jieba_part *part = &explainer->part;
    explainer->jieba.block = part->text.at;
    explainer->jieba.n = part->n;
    find_graph(explainer);
    if (explainer->edges.failed || explainer->logs.failed)
        return;
    jieba_explain_route(explainer, 0, part->n, &as_it_is);
    mark_route(explainer);
    part->logp = explainer->route[0];
    jieba_explain_words(explainer, &as_it_is, (struct jieba_span){0, part->n}, &explainer->words,
                        &explainer->runs);
    if (!explainer->words.failed)
        jieba_explain_changes(explainer);
}

/* Each character is a word, but for CR LF. */
static void explain_between(struct jieba_explainer *explainer)
{
    struct str text = explainer->part.text;
    buf_reset(&explainer->words);
    for (size_t i = 0, end; i < explainer->part.n; i = end) {
        const char *at = text.at + explainer->offsets[i];
        end = i + 1 + (i + 1 < explainer->part.n && at[0] == '\r' && at[1] == '\n');
        put(&explainer->words, i, end, JIEBA_FROM_RULE, (struct jieba_span){i, end}, 0);
    }
}

/* Read characters from byte `at` on that have a label, or that have none, up to byte `end`; where
 * they end. */
static size_t read_part(struct jieba_explainer *explainer, struct str text, size_t at, size_t end,
                        bool any)
{
    struct jieba_part *part = &explainer->part;
    size_t begin = at, len;
    part->n = 0;
    for (; at < end && part->n < JIEBA_EXPLAIN_MAX; at += len) {
        uint32_t code = 0;
        len = utf8_read(text.at + at, end - at, &code);
        uint32_t label = jieba_label(code);
        if (!len || (!any && part->n && !label != !explainer->labels[0]))
            break;
        explainer->offsets[part->n] = (uint32_t)(at - begin);
        explainer->labels[part->n++] = (uint16_t)label;
    }
    explainer->offsets[part->n] = explainer->offsets[part->n + 1] = (uint32_t)(at - begin);
    memset(explainer->labels + part->n, 0, JIEBA_PAD * sizeof *explainer->labels);
    part->text = (struct str){text.at + begin, at - begin};
    part->kind = any ? JIEBA_PHRASE : explainer->labels[0] ? JIEBA_BLOCK : JIEBA_BETWEEN;
    return at;
}

/* Explain the part that was read, as a phrase with this cost index if it is one. */
static void explain_part(struct jieba_explainer *explainer, uint32_t cost, jieba_part_sink *sink,
                         void *arg)
{
    struct jieba_part *part = &explainer->part;
    struct jieba_span all = {0, part->n};
    buf_reset(&explainer->edges);
    buf_reset(&explainer->runs);
    buf_reset(&explainer->changes);
    buf_reset(&explainer->spans);
    buf_reset(&explainer->words);
    if (part->kind == JIEBA_BLOCK)
        explain_block(explainer);
    else if (part->kind == JIEBA_BETWEEN)
        explain_between(explainer);
    else
        put(&explainer->words, 0, part->n, JIEBA_FROM_WORDS, all,
            explainer->jieba.dict->freqs[cost]);
    part->edges = edges_of(explainer);
    part->n_edges = explainer->edges.len / sizeof *part->edges;
    part->words = jieba_words_of(&explainer->words, &part->n_words);
    part->runs = (const struct jieba_run *)(void *)explainer->runs.at;
    part->n_runs = explainer->runs.len / sizeof *part->runs;
    part->changes = (const struct jieba_change *)(void *)explainer->changes.at;
    part->n_changes = explainer->changes.len / sizeof *part->changes;
    part->spans = (const struct jieba_span *)(void *)explainer->spans.at;
    sink(arg, part);
    part->begin += part->n;
}

#define N_BUFS 8

/* The n-th of the explainer's bufs. */
static struct buf *buf_at(struct jieba_explainer *explainer, size_t n)
{
    struct buf *const bufs[N_BUFS] = {
        &explainer->edges,       &explainer->logs,       &explainer->words,   &explainer->runs,
        &explainer->trial_words, &explainer->trial_runs, &explainer->changes, &explainer->spans};
    return bufs[n];
}

static bool has_failed(struct jieba_explainer *explainer)
{
    bool failed = false;
    for (size_t i = 0; i < N_BUFS; i++)
        failed |= buf_at(explainer, i)->failed;
    return failed;
}

static void free_explainer(struct jieba_explainer *explainer)
{
    for (size_t i = 0; i < N_BUFS; i++)
        buf_free(buf_at(explainer, i));
    free(explainer);
}

/* Explain the bytes [at, end) of the text part by part; as one phrase where `cost` is not 0. */
static int explain_parts(struct jieba_explainer *explainer, struct str text, size_t at, size_t end,
                         uint32_t cost, jieba_part_sink *sink, void *arg, struct err *err)
{
    while (at < end) {
        at = read_part(explainer, text, at, end, cost != 0);
        if (explainer->part.n == 0)
            return err_set(err, "invalid UTF-8 at byte %zu", at);
        explain_part(explainer, cost, sink, arg);
        if (has_failed(explainer))
            return err_set(err, "out of memory for explaining a text");
    }
    return 0;
}

static int explain_text(struct jieba_explainer *explainer, struct str text, jieba_part_sink *sink,
                        void *arg, struct err *err)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t unit = 0;
        struct str phrase = jieba_find_phrase(explainer->jieba.dict, text, at, &unit);
        uint32_t cost = phrase.len ? jieba_unit_cost(explainer->jieba.dict->phrases[unit]) : 0;
        size_t begin = (size_t)(phrase.at - text.at), end = begin + phrase.len;
        if (explain_parts(explainer, text, at, begin, 0, sink, arg, err) ||
            explain_parts(explainer, text, begin, end, cost, sink, arg, err))
            return -1;
        at = end;
    }
    return 0;
}

int jieba_explain(const struct jieba_dict *dict, struct str text, bool hmm, jieba_part_sink *sink,
                  void *arg, struct err *err)
{
    struct jieba_explainer *explainer = calloc(1, sizeof *explainer);
    if (!explainer)
        return err_set(err, "out of memory for explaining a text");
    explainer->jieba = (struct jieba){.dict = dict,
                                      .labels = explainer->labels,
                                      .offsets = explainer->offsets,
                                      .back = explainer->back,
                                      .sink = take_words,
                                      .arg = explainer};
    explainer->part.offsets = explainer->offsets;
    explainer->freqs = jieba_dict_freqs(dict);
    explainer->hmm = hmm;
    int status = explain_text(explainer, text, sink, arg, err);
    free_explainer(explainer);
    return status;
}
