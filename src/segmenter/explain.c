#include "segmenter/explain.h"

#include "segmenter/explain_internal.h"
#include "segmenter/phrases.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

/* Whether the characters [begin, end) are the word that the variant changes. */
static bool is_changed(const struct explainer *explainer, const struct dict_variant *variant,
                       size_t begin, size_t end)
{
    return variant->n > 0 && end - begin == variant->n &&
           !memcmp(explainer->labels + begin, explainer->labels + variant->begin,
                   variant->n * sizeof *explainer->labels);
}

static void add_edge(struct explainer *explainer, struct span span, int64_t freq, double logp)
{
    struct explain_edge edge = {.span = span, .freq = freq, .logp = logp};
    double log_freq = log(freq ? (double)freq : 1.0);
    buf_add(&explainer->edges, &edge, sizeof edge);
    buf_add(&explainer->logs, &log_freq, sizeof log_freq);
}

/* The words that begin at character i, into the graph. */
static void add_edges(struct explainer *explainer, size_t i)
{
    const struct dict *dict = explainer->seg.dict;
    size_t before = explainer->edges.len;
    dict_unit node = dict->units[0];
    for (size_t end = i; end < explainer->part.n; end++) {
        uint32_t label = explainer->labels[end];
        node = dict_unit_if(dict_child(dict, node, label), label);
        if (!node)
            break;
        uint32_t prob = dict_unit_prob(node);
        if (prob)
            add_edge(explainer, (struct span){i, end + 1}, dict->freqs[prob],
                     dict->log_probs[prob]);
    }
    if (explainer->edges.len == before)
        add_edge(explainer, (struct span){i, i + 1}, 0, dict->log_probs[DICT_PROB_OF_ONE]);
}

static void find_graph(struct explainer *explainer)
{
    buf_reset(&explainer->edges);
    buf_reset(&explainer->logs);
    for (size_t i = 0; i < explainer->part.n; i++) {
        explainer->first_edge[i] = explainer->edges.len / sizeof(struct explain_edge);
        add_edges(explainer, i);
    }
    explainer->first_edge[explainer->part.n] = explainer->edges.len / sizeof(struct explain_edge);
}

static struct explain_edge *edges_of(const struct explainer *explainer)
{
    return (struct explain_edge *)(void *)explainer->edges.at;
}

/* See whether a word of this logarithm makes a better way; ties go to the longer word. */
static void weigh(struct explainer *explainer, size_t i, size_t end, double logp)
{
    double sum = logp + explainer->best[end];
    if (explainer->ends[i] == 0 || sum > explainer->best[i] ||
        (sum == explainer->best[i] && end > explainer->ends[i])) {
        explainer->best[i] = sum;
        explainer->ends[i] = (uint32_t)end;
    }
}

void explain_best_path(struct explainer *explainer, size_t begin, size_t end,
                       const struct dict_variant *variant)
{
    const struct explain_edge *edges = edges_of(explainer);
    const double *logs = (const double *)(const void *)explainer->logs.at;
    explainer->best[end] = 0;
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
                             : explainer->seg.dict->log_probs[DICT_PROB_OF_ONE]);
    }
}

/* The frequency of characters as a word, 0 where they are none. */
static int64_t freq_of(const struct explainer *explainer, const struct dict_variant *variant,
                       size_t begin, size_t end)
{
    const struct dict *dict = explainer->seg.dict;
    if (is_changed(explainer, variant, begin, end))
        return variant->freq;
    uint32_t prob = dict_find(dict, explainer->labels + begin, end - begin);
    return prob ? dict->freqs[prob] : 0;
}

static void put(struct buf *words, size_t begin, size_t end, enum word_origin from, struct span row,
                int64_t freq)
{
    struct explained_word word = {{begin, end}, from, row, freq};
    buf_add(words, &word, sizeof word);
}

/* Put characters as a word that the best path took: one of the dictionary, or a character alone. */
static void put_taken(const struct explainer *explainer, const struct dict_variant *variant,
                      struct buf *words, size_t begin, size_t end)
{
    int64_t freq = freq_of(explainer, variant, begin, end);
    put(words, begin, end, freq ? ORIGIN_DICT : ORIGIN_RULE, (struct span){begin, end}, freq);
}

/* Takes what the model makes of a run; each word begins where the last one ended. */
static int take_words(void *arg, const struct str *words, size_t n)
{
    struct explainer *explainer = arg;
    const char *block = explainer->part.text.at;
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < n; i++) {
        while (block + explainer->offsets[begin] < words[i].at)
            begin++;
        for (end = begin; block + explainer->offsets[end] < words[i].at + words[i].len; end++)
            ;
        put(explainer->to_words, begin, end,
            label_is_han(explainer->labels[begin]) ? ORIGIN_HMM : ORIGIN_RULE,
            (struct span){begin, end}, 0);
    }
    return 0;
}

/* Two characters or more that the best path leaves alone. */
static void put_run(struct explainer *explainer, const struct dict_variant *variant,
                    struct buf *words, struct buf *runs, size_t begin, size_t end)
{
    struct span span = {begin, end};
    int64_t freq = freq_of(explainer, variant, begin, end);
    for (size_t i = begin; freq && i < end; i++)
        put(words, i, i + 1, ORIGIN_DICT, span, freq);
    if (freq)
        return;
    size_t first = words->len / sizeof(struct explained_word);
    explainer->to_words = words;
    cut_by_hmm(&explainer->seg, begin, end);
    output_flush(&explainer->seg);
    size_t n = words->len / sizeof(struct explained_word) - first;
    buf_add(runs, &(struct explain_run){span, first, n}, sizeof(struct explain_run));
}

/* The end of the characters from i on that the best path leaves alone, of letters and digits only
 * without the model. */
static size_t end_of_run(const struct explainer *explainer, size_t i)
{
    while (explainer->ends[i] == i + 1 && (explainer->hmm || label_is_alnum(explainer->labels[i])))
        i++;
    return i;
}

void explain_words(struct explainer *explainer, const struct dict_variant *variant,
                   struct span part, struct buf *words, struct buf *runs)
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
            put(words, i, end, ORIGIN_RULE, (struct span){i, end}, 0);
    }
}

static void mark_best_path(struct explainer *explainer)
{
    struct explain_edge *edges = edges_of(explainer);
    for (size_t i = 0; i < explainer->part.n; i = explainer->ends[i]) {
        for (size_t k = explainer->first_edge[i]; k < explainer->first_edge[i + 1]; k++)
            edges[k].on_best_path = edges[k].span.end == explainer->ends[i];
    }
}

static void explain_block(struct explainer *explainer)
{
    static const struct dict_variant as_it_is;
    struct explain_part *part = &explainer->part;
    explainer->seg.block = part->text.at;
    explainer->seg.n = part->n;
    find_graph(explainer);
    if (explainer->edges.failed || explainer->logs.failed)
        return;
    explain_best_path(explainer, 0, part->n, &as_it_is);
    mark_best_path(explainer);
    part->logp = explainer->best[0];
    explain_words(explainer, &as_it_is, (struct span){0, part->n}, &explainer->words,
                  &explainer->runs);
    if (!explainer->words.failed)
        explain_suggestions(explainer);
}

/* Each character is a word, but for CR LF. */
static void explain_between(struct explainer *explainer)
{
    struct str text = explainer->part.text;
    buf_reset(&explainer->words);
    for (size_t i = 0, end; i < explainer->part.n; i = end) {
        const char *at = text.at + explainer->offsets[i];
        end = i + 1 + (i + 1 < explainer->part.n && at[0] == '\r' && at[1] == '\n');
        put(&explainer->words, i, end, ORIGIN_RULE, (struct span){i, end}, 0);
    }
}

/* Read characters from byte `at` on that have a label, or that have none, up to byte `end`; where
 * they end. */
static size_t read_part(struct explainer *explainer, struct str text, size_t at, size_t end,
                        bool any)
{
    struct explain_part *part = &explainer->part;
    size_t begin = at, len;
    part->n = 0;
    for (; at < end && part->n < EXPLAIN_MAX; at += len) {
        uint32_t code = 0;
        len = utf8_read(text.at + at, end - at, &code);
        uint32_t label = dict_label(code);
        if (!len || (!any && part->n && !label != !explainer->labels[0]))
            break;
        explainer->offsets[part->n] = (uint32_t)(at - begin);
        explainer->labels[part->n++] = (uint16_t)label;
    }
    explainer->offsets[part->n] = explainer->offsets[part->n + 1] = (uint32_t)(at - begin);
    memset(explainer->labels + part->n, 0, SEGMENTER_PAD * sizeof *explainer->labels);
    part->text = (struct str){text.at + begin, at - begin};
    part->kind = any ? EXPLAIN_PHRASE : explainer->labels[0] ? EXPLAIN_BLOCK : EXPLAIN_GAP;
    return at;
}

/* Explain the part that was read, as a phrase with this probability index if it is one. */
static void explain_part(struct explainer *explainer, uint32_t prob, explain_sink *sink, void *arg)
{
    struct explain_part *part = &explainer->part;
    struct span all = {0, part->n};
    buf_reset(&explainer->edges);
    buf_reset(&explainer->runs);
    buf_reset(&explainer->changes);
    buf_reset(&explainer->spans);
    buf_reset(&explainer->words);
    if (part->kind == EXPLAIN_BLOCK)
        explain_block(explainer);
    else if (part->kind == EXPLAIN_GAP)
        explain_between(explainer);
    else
        put(&explainer->words, 0, part->n, ORIGIN_DICT, all, explainer->seg.dict->freqs[prob]);
    part->edges = edges_of(explainer);
    part->n_edges = explainer->edges.len / sizeof *part->edges;
    part->words = explained_words(&explainer->words, &part->n_words);
    part->runs = (const struct explain_run *)(void *)explainer->runs.at;
    part->n_runs = explainer->runs.len / sizeof *part->runs;
    part->changes = (const struct suggestion *)(void *)explainer->changes.at;
    part->n_changes = explainer->changes.len / sizeof *part->changes;
    part->spans = (const struct span *)(void *)explainer->spans.at;
    sink(arg, part);
    part->begin += part->n;
}

#define N_BUFS 8

/* The n-th of the explainer's bufs. */
static struct buf *buf_at(struct explainer *explainer, size_t n)
{
    struct buf *const bufs[N_BUFS] = {
        &explainer->edges,       &explainer->logs,       &explainer->words,   &explainer->runs,
        &explainer->trial_words, &explainer->trial_runs, &explainer->changes, &explainer->spans};
    return bufs[n];
}

static bool has_failed(struct explainer *explainer)
{
    bool failed = false;
    for (size_t i = 0; i < N_BUFS; i++)
        failed |= buf_at(explainer, i)->failed;
    return failed;
}

static void free_explainer(struct explainer *explainer)
{
    for (size_t i = 0; i < N_BUFS; i++)
        buf_free(buf_at(explainer, i));
    free(explainer);
}

/* Explain the bytes [at, end) of the text part by part; as one phrase where `prob` is not 0. */
static int explain_parts(struct explainer *explainer, struct str text, size_t at, size_t end,
                         uint32_t prob, explain_sink *sink, void *arg, struct err *err)
{
    while (at < end) {
        at = read_part(explainer, text, at, end, prob != 0);
        if (explainer->part.n == 0)
            return err_set(err, "invalid UTF-8 at byte %zu", at);
        explain_part(explainer, prob, sink, arg);
        if (has_failed(explainer))
            return err_set(err, "out of memory for explaining a text");
    }
    return 0;
}

static int explain_blocks(struct explainer *explainer, struct str text, explain_sink *sink,
                          void *arg, struct err *err)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t unit = 0;
        struct str phrase = dict_find_phrase(explainer->seg.dict, text, at, &unit);
        uint32_t prob = phrase.len ? dict_unit_prob(explainer->seg.dict->phrases[unit]) : 0;
        size_t begin = (size_t)(phrase.at - text.at), end = begin + phrase.len;
        if (explain_parts(explainer, text, at, begin, 0, sink, arg, err) ||
            explain_parts(explainer, text, begin, end, prob, sink, arg, err))
            return -1;
        at = end;
    }
    return 0;
}

int explain_text(const struct dict *dict, struct str text, bool hmm, explain_sink *sink, void *arg,
                 struct err *err)
{
    struct explainer *explainer = calloc(1, sizeof *explainer);
    if (!explainer)
        return err_set(err, "out of memory for explaining a text");
    explainer->seg = (struct segmenter){.dict = dict,
                                        .labels = explainer->labels,
                                        .offsets = explainer->offsets,
                                        .back = explainer->back,
                                        .sink = take_words,
                                        .arg = explainer};
    explainer->part.offsets = explainer->offsets;
    explainer->freqs = dict_freq_source(dict);
    explainer->hmm = hmm;
    int status = explain_blocks(explainer, text, sink, arg, err);
    free_explainer(explainer);
    return status;
}
