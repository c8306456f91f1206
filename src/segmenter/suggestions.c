#include "segmenter/suggestions.h"

#include "segmenter/phrases.h"

#include <math.h>

/* The block whose words are to change, and the suggestions found for it. */
struct trial {
    struct suggestions *found;
    struct word_graph *graph;
};

void suggestions_free(struct suggestions *suggestions)
{
    buf_free(&suggestions->list);
    buf_free(&suggestions->spans);
    buf_free(&suggestions->trial_words);
    buf_free(&suggestions->trial_runs);
}

bool suggestions_have_failed(const struct suggestions *suggestions)
{
    return suggestions->list.failed || suggestions->spans.failed ||
           suggestions->trial_words.failed || suggestions->trial_runs.failed;
}

void suggestions_reset(struct suggestions *suggestions)
{
    buf_reset(&suggestions->list);
    buf_reset(&suggestions->spans);
}

static void add_span(struct suggestions *found, struct span span)
{
    buf_add(&found->spans, &span, sizeof span);
}

static size_t count_spans(const struct suggestions *found)
{
    return found->spans.len / sizeof(struct span);
}

/* The frequency of a word in the dictionary, 0 if it is forbidden, or NO_FREQ. */
static int64_t present_freq(const struct trial *trial, struct span word)
{
    const struct freq_source *freqs = &trial->found->freqs;
    int64_t freq = freqs->of(freqs->source, word_graph_text(trial->graph, word));
    if (freq > 0)
        return freq;
    return word_graph_forbids(trial->graph, word) ? 0 : NO_FREQ;
}

/* Whether the `n` spans from `a` on are the same as those from `b` on. */
static bool are_same_spans(const struct suggestions *found, size_t a, size_t b, size_t n)
{
    const struct span *spans = (const struct span *)(void *)found->spans.at;
    return !memcmp(spans + a, spans + b, n * sizeof *spans);
}

/* The total of the dictionary after a change. */
static int64_t total_after(const struct trial *trial, const struct suggestion *change)
{
    int64_t present = change->present > 0 ? change->present : 0;
    return trial->found->freqs.total + change->freq - present;
}

/* Whether the change would make a phrase of the word; see phrases.h. */
static bool is_phrase(const struct trial *trial, struct span word)
{
    size_t i = word.begin;
    while (i < word.end && !label_is_sign(trial->graph->labels[i]))
        i++;
    return trial->graph->dict.n_phrases > 0 && i < word.end;
}

/* Look for the phrases of the text with the changed word among them, and set `gives` to that word.
 * Returns false where it would not be found here. */
static bool try_phrase(const struct trial *trial, struct suggestion *change)
{
    struct suggestions *found = trial->found;
    change->gives = count_spans(found);
    change->n_gives = 1;
    add_span(found, change->word);
    return phrase_would_match(&trial->graph->dict, found->text,
                              word_graph_text(trial->graph, change->word));
}

/* Cut the block with the change made, and set `gives` to the words that overlap the changed one. */
static void try_change(const struct trial *trial, struct suggestion *change)
{
    struct suggestions *found = trial->found;
    struct span word = change->word;
    int64_t total = total_after(trial, change);
    struct dict_variant variant = {word.begin, word.end - word.begin, change->freq,
                                   log(total > 0 ? (double)total : 1.0)};
    word_graph_find_best_path(trial->graph, 0, trial->graph->seg.n, &variant);
    word_graph_find_words(trial->graph, &variant, word, &found->trial_words, &found->trial_runs);
    size_t n;
    const struct explained_word *words = explained_words(&found->trial_words, &n);
    change->gives = count_spans(found);
    for (size_t i = 0; i < n; i++) {
        if (words[i].span.begin < word.end && words[i].span.end > word.begin)
            add_span(found, words[i].span);
    }
    change->n_gives = count_spans(found) - change->gives;
}

/* Whether what the change gives is what it is for. A dictionary without frequencies is not served: the guard
 * of the store refuses to lose all words. */
static bool reaches_aim(const struct trial *trial, const struct suggestion *change)
{
    struct suggestions *found = trial->found;
    size_t whole = count_spans(found);
    add_span(found, change->word);
    if (found->spans.failed || total_after(trial, change) <= 0)
        return false;
    if (change->kind == SUGGEST_SPLIT)
        return change->n_gives == change->n_pieces &&
               are_same_spans(found, change->gives, change->pieces, change->n_pieces);
    return change->n_gives == 1 && are_same_spans(found, change->gives, whole, 1);
}

/* Add a change whose pieces are the last spans, unless the store would reject it, it changes nothing, or
 * its effect cannot be told. */
static void add_change(const struct trial *trial, struct suggestion change)
{
    struct suggestions *found = trial->found;
    change.n_pieces = count_spans(found) - change.pieces;
    if (change.freq < 0 || change.freq > SUGGEST_STORE_MAX_FREQ || change.freq == change.present)
        return;
    if (!is_phrase(trial, change.word))
        try_change(trial, &change);
    else if (!try_phrase(trial, &change))
        return;
    change.works = reaches_aim(trial, &change);
    buf_add(&found->list, &change, sizeof change);
}

/* Suggest to make one word of `n` words (SUGGEST_JOIN), or of the characters of a word that the
 * model found (SUGGEST_KEEP). */
static void suggest_whole(const struct trial *trial, enum suggestion_kind kind,
                          const struct explained_word *words, size_t n)
{
    struct suggestions *found = trial->found;
    struct err ignored; /* Without a frequency there is no suggestion. */
    struct suggestion change = {.kind = kind,
                                .word = {words[0].span.begin, words[n - 1].span.end},
                                .pieces = count_spans(found)};
    if (change.word.end - change.word.begin > SUGGEST_MAX_CHARACTERS)
        return;
    for (size_t i = 0; kind == SUGGEST_JOIN && i < n; i++)
        add_span(found, words[i].span);
    for (size_t i = change.word.begin; kind == SUGGEST_KEEP && i < change.word.end; i++)
        add_span(found, (struct span){i, i + 1});
    change.present = present_freq(trial, change.word);
    change.freq = suggest_join(&found->freqs, word_graph_text(trial->graph, change.word), &ignored);
    add_change(trial, change);
}

/* Suggest to forbid a word that the model found, so that it is cut into its characters. */
static void suggest_characters(const struct trial *trial, struct span word)
{
    struct suggestion change = {.kind = SUGGEST_SPLIT,
                                .word = word,
                                .present = present_freq(trial, word),
                                .pieces = count_spans(trial->found)};
    if (word.end - word.begin > SUGGEST_MAX_CHARACTERS)
        return;
    for (size_t i = word.begin; i < word.end; i++)
        add_span(trial->found, (struct span){i, i + 1});
    add_change(trial, change);
}

/* Suggest to cut a word of the dictionary into the words of the best path through it without the
 * word itself. */
static void suggest_pieces(const struct trial *trial, struct span word)
{
    struct suggestions *found = trial->found;
    struct word_graph *graph = trial->graph;
    struct str pieces[SUGGEST_MAX_CHARACTERS];
    size_t n = 0;
    struct dict_variant without = {word.begin, word.end - word.begin, 0,
                                   log((double)found->freqs.total)};
    struct suggestion change = {.kind = SUGGEST_SPLIT,
                                .word = word,
                                .present = present_freq(trial, word),
                                .pieces = count_spans(found)};
    if (without.n > SUGGEST_MAX_CHARACTERS)
        return;
    word_graph_find_best_path(graph, word.begin, word.end, &without);
    for (size_t i = word.begin; i < word.end; i = graph->ends[i]) {
        struct span piece = {i, graph->ends[i]};
        pieces[n++] = word_graph_text(graph, piece);
        add_span(found, piece);
    }
    change.freq = suggest_split(&found->freqs, word_graph_text(graph, word), pieces, n);
    add_change(trial, change);
}

void suggestions_find(struct suggestions *suggestions, struct word_graph *graph,
                      const struct buf *words_buf, const struct buf *runs_buf)
{
    struct trial trial = {suggestions, graph};
    size_t n, n_runs = runs_buf->len / sizeof(struct explain_run);
    const struct explained_word *words = explained_words(words_buf, &n);
    const struct explain_run *runs = (const struct explain_run *)(void *)runs_buf->at;
    for (size_t i = 0; i < n; i++) {
        size_t len = words[i].span.end - words[i].span.begin;
        if (len > 1 && words[i].from == ORIGIN_HMM) {
            suggest_whole(&trial, SUGGEST_KEEP, words + i, 1);
            suggest_characters(&trial, words[i].span);
        }
        if (len > 1 && words[i].from == ORIGIN_DICT)
            suggest_pieces(&trial, words[i].span);
        if (i + 1 < n)
            suggest_whole(&trial, SUGGEST_JOIN, words + i, 2);
        if (n_runs > 0 && runs->first == i) {
            if (runs->n > 2)
                suggest_whole(&trial, SUGGEST_JOIN, words + i, runs->n);
            runs++;
            n_runs--;
        }
    }
}
