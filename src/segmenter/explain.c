#include "segmenter/explain.h"

#include "segmenter/phrases.h"
#include "segmenter/suggestions.h"
#include "segmenter/word_graph.h"
#include "util/utf8.h"

#include <stdlib.h>

struct explainer {
    struct word_graph graph; /* The block; `labels` and `offsets` are those of any part. */
    struct suggestions suggestions;
    struct buf words, runs;
    struct explain_part part;
};

static void explain_block(struct explainer *explainer)
{
    static const struct dict_variant unchanged;
    struct word_graph *graph = &explainer->graph;
    struct explain_part *part = &explainer->part;
    graph->seg.block = part->text.at;
    graph->seg.n = part->n;
    word_graph_build(graph);
    if (word_graph_has_failed(graph))
        return;
    word_graph_find_best_path(graph, 0, part->n, &unchanged);
    word_graph_mark_best_path(graph);
    part->logp = graph->best[0];
    part->edges = word_graph_edges(graph, &part->n_edges);
    word_graph_find_words(graph, &unchanged, (struct span){0, part->n}, &explainer->words,
                          &explainer->runs);
    if (!explainer->words.failed)
        suggestions_find(&explainer->suggestions, graph, &explainer->words, &explainer->runs);
}

/* Each character of a gap is a word, and CR LF is one. */
static void explain_gap(struct explainer *explainer)
{
    struct str text = explainer->part.text;
    for (size_t i = 0, end; i < explainer->part.n; i = end) {
        const char *at = text.at + explainer->graph.offsets[i];
        end = i + 1 + (i + 1 < explainer->part.n && at[0] == '\r' && at[1] == '\n');
        explained_word_add(&explainer->words,
                           (struct explained_word){{i, end}, ORIGIN_RULE, {i, end}, 0});
    }
}

/* A phrase is one word, with this probability index. */
static void explain_phrase(struct explainer *explainer, uint32_t prob)
{
    struct span all = {0, explainer->part.n};
    int64_t freq = explainer->graph.seg.dict->freqs[prob];
    explained_word_add(&explainer->words, (struct explained_word){all, ORIGIN_DICT, all, freq});
}

/*
 * Read the next part of the bytes [at, end) of the text: characters with a label, or characters
 * without; any characters if they are a phrase. Returns where the part ends. It has no characters
 * if the bytes are not valid UTF-8.
 */
static size_t read_part(struct explainer *explainer, struct str text, size_t at, size_t end,
                        bool phrase)
{
    struct explain_part *part = &explainer->part;
    uint16_t *labels = explainer->graph.labels;
    uint32_t *offsets = explainer->graph.offsets;
    size_t begin = at, len;
    part->n = 0;
    for (; at < end && part->n < EXPLAIN_MAX; at += len) {
        uint32_t code = 0;
        len = utf8_read(text.at + at, end - at, &code);
        uint32_t label = dict_label(code);
        if (!len || (!phrase && part->n && !label != !labels[0]))
            break;
        offsets[part->n] = (uint32_t)(at - begin);
        labels[part->n++] = (uint16_t)label;
    }
    offsets[part->n] = offsets[part->n + 1] = (uint32_t)(at - begin);
    memset(labels + part->n, 0, SEGMENTER_PAD * sizeof *labels);
    part->text = (struct str){text.at + begin, at - begin};
    part->kind = phrase ? EXPLAIN_PHRASE : labels[0] ? EXPLAIN_BLOCK : EXPLAIN_GAP;
    return at;
}

/* Let the part point to what was found. */
static void set_arrays(struct explainer *explainer)
{
    struct explain_part *part = &explainer->part;
    const struct suggestions *suggestions = &explainer->suggestions;
    part->words = explained_words(&explainer->words, &part->n_words);
    part->runs = (const struct explain_run *)(void *)explainer->runs.at;
    part->n_runs = explainer->runs.len / sizeof *part->runs;
    part->changes = (const struct suggestion *)(void *)suggestions->list.at;
    part->n_changes = suggestions->list.len / sizeof *part->changes;
    part->spans = (const struct span *)(void *)suggestions->spans.at;
}

/* Explain the part that was read, and hand it to the sink. `prob` is the probability index of a
 * phrase. */
static void explain_part(struct explainer *explainer, uint32_t prob, explain_sink *sink, void *arg)
{
    struct explain_part *part = &explainer->part;
    buf_reset(&explainer->words);
    buf_reset(&explainer->runs);
    suggestions_reset(&explainer->suggestions);
    part->n_edges = 0;
    if (part->kind == EXPLAIN_BLOCK)
        explain_block(explainer);
    else if (part->kind == EXPLAIN_GAP)
        explain_gap(explainer);
    else
        explain_phrase(explainer, prob);
    set_arrays(explainer);
    sink(arg, part);
    part->begin += part->n;
}

static bool has_failed(const struct explainer *explainer)
{
    return word_graph_has_failed(&explainer->graph) ||
           suggestions_have_failed(&explainer->suggestions) || explainer->words.failed ||
           explainer->runs.failed;
}

/* Explain the bytes [at, end) of the text part by part; as one phrase if `prob` is not 0. */
static int explain_parts(struct explainer *explainer, struct str text, size_t at, size_t end,
                         uint32_t prob, explain_sink *sink, void *arg, struct err *err)
{
    while (at < end) {
        at = read_part(explainer, text, at, end, prob != 0);
        if (explainer->part.n == 0)
            return err_set(err, "invalid UTF-8 at byte %zu", at);
        explain_part(explainer, prob, sink, arg);
        if (has_failed(explainer))
            return err_set(err, "out of memory for explaining a text of %zu bytes", text.len);
    }
    return 0;
}

/* Explain the phrases of the text, and the text before each. */
static int explain_phrases(struct explainer *explainer, struct str text, explain_sink *sink,
                           void *arg, struct err *err)
{
    const struct dict *dict = explainer->graph.seg.dict;
    for (size_t at = 0; at < text.len;) {
        uint32_t unit = 0;
        struct str phrase = phrase_find(dict, text, at, &unit);
        uint32_t prob = phrase.len ? dict_unit_prob(dict->phrases[unit]) : 0;
        size_t begin = (size_t)(phrase.at - text.at), end = begin + phrase.len;
        if (explain_parts(explainer, text, at, begin, 0, sink, arg, err) ||
            explain_parts(explainer, text, begin, end, prob, sink, arg, err))
            return -1;
        at = end;
    }
    return 0;
}

static void free_explainer(struct explainer *explainer)
{
    word_graph_free(&explainer->graph);
    suggestions_free(&explainer->suggestions);
    buf_free(&explainer->words);
    buf_free(&explainer->runs);
    free(explainer);
}

int explain_text(const struct dict *dict, struct str text, bool hmm, explain_sink *sink, void *arg,
                 struct err *err)
{
    struct explainer *explainer = calloc(1, sizeof *explainer);
    if (!explainer)
        return err_set(err, "out of memory for explaining a text of %zu bytes", text.len);
    word_graph_init(&explainer->graph, dict, hmm);
    explainer->suggestions.freqs = dict_freq_source(dict);
    explainer->suggestions.text = text;
    explainer->part.offsets = explainer->graph.offsets;
    int status = explain_phrases(explainer, text, sink, arg, err);
    free_explainer(explainer);
    return status;
}
