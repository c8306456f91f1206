/*
 * changes: what would change the words of a block, tried out; jieba's suggest_freq().
 */
#include "segmenter/explain_internal.h"

#include <math.h>

#define MAX_CHARACTERS 64            /* of a word in the store */
#define MAX_FREQ       1000000000000 /* the same */

static void add_span(struct explainer *explainer, struct span span)
{
    buf_add(&explainer->spans, &span, sizeof span);
}

static size_t count_spans(const struct explainer *explainer)
{
    return explainer->spans.len / sizeof(struct span);
}

static struct str text_of(const struct explainer *explainer, struct span span)
{
    return explain_part_text(&explainer->part, span);
}

static int64_t present_freq(const struct explainer *explainer, struct span word)
{
    int64_t freq = explainer->freqs.of(explainer->freqs.source, text_of(explainer, word));
    return freq > 0 ? freq : 0;
}

/* Whether the `n` spans from a place on are the same as those from another one on. */
static bool same_spans(const struct explainer *explainer, size_t a, size_t b, size_t n)
{
    const struct span *spans = (const struct span *)(void *)explainer->spans.at;
    return !memcmp(spans + a, spans + b, n * sizeof *spans);
}

/* The words of the block where the change would be made. */
static void try_out(struct explainer *explainer, struct suggestion *change)
{
    struct span word = change->word;
    int64_t total = explainer->freqs.total + change->freq - change->present;
    struct dict_variant variant = {word.begin, word.end - word.begin, change->freq,
                                   log(total > 0 ? (double)total : 1.0)};
    explain_best_path(explainer, 0, explainer->part.n, &variant);
    explain_words(explainer, &variant, word, &explainer->trial_words, &explainer->trial_runs);
    size_t n;
    const struct explained_word *words = explained_words(&explainer->trial_words, &n);
    change->gives = count_spans(explainer);
    for (size_t i = 0; i < n; i++) {
        if (words[i].span.begin < word.end && words[i].span.end > word.begin)
            add_span(explainer, words[i].span);
    }
    change->n_gives = count_spans(explainer) - change->gives;
}

/* Add a change whose pieces are the last spans, unless it is one that the store would not take, or
 * that changes nothing. */
static void add_change(struct explainer *explainer, struct suggestion change)
{
    change.n_pieces = count_spans(explainer) - change.pieces;
    if (change.freq < 0 || change.freq > MAX_FREQ || change.freq == change.present)
        return;
    try_out(explainer, &change);
    size_t whole = count_spans(explainer);
    add_span(explainer, change.word);
    if (explainer->spans.failed)
        return;
    if (change.kind == SUGGEST_SPLIT)
        change.works = change.n_gives == change.n_pieces &&
                       same_spans(explainer, change.gives, change.pieces, change.n_pieces);
    else
        change.works = change.n_gives == 1 && same_spans(explainer, change.gives, whole, 1);
    buf_add(&explainer->changes, &change, sizeof change);
}

/* Make one word of `n` words, or of the characters of a word that the model made. */
static void join(struct explainer *explainer, enum suggestion_kind kind,
                 const struct explained_word *words, size_t n)
{
    struct err ignored; /* where no frequency can be suggested, none is */
    struct suggestion change = {.kind = kind,
                                .word = {words[0].span.begin, words[n - 1].span.end},
                                .pieces = count_spans(explainer)};
    if (change.word.end - change.word.begin > MAX_CHARACTERS)
        return;
    for (size_t i = 0; kind == SUGGEST_JOIN && i < n; i++)
        add_span(explainer, words[i].span);
    for (size_t i = change.word.begin; kind == SUGGEST_KEEP && i < change.word.end; i++)
        add_span(explainer, (struct span){i, i + 1});
    change.present = present_freq(explainer, change.word);
    change.freq = suggest_join(&explainer->freqs, text_of(explainer, change.word), &ignored);
    add_change(explainer, change);
}

/* Split a word into the words of the best way through it without itself. */
static void split(struct explainer *explainer, struct span word)
{
    struct str pieces[MAX_CHARACTERS];
    size_t n = 0;
    struct dict_variant without = {word.begin, word.end - word.begin, 0,
                                   log((double)explainer->freqs.total)};
    struct suggestion change = {.kind = SUGGEST_SPLIT,
                                .word = word,
                                .present = present_freq(explainer, word),
                                .pieces = count_spans(explainer)};
    if (without.n > MAX_CHARACTERS)
        return;
    explain_best_path(explainer, word.begin, word.end, &without);
    for (size_t i = word.begin; i < word.end; i = explainer->ends[i]) {
        struct span piece = {i, explainer->ends[i]};
        pieces[n++] = text_of(explainer, piece);
        add_span(explainer, piece);
    }
    change.freq = suggest_split(&explainer->freqs, text_of(explainer, word), pieces, n);
    add_change(explainer, change);
}

void explain_suggestions(struct explainer *explainer)
{
    size_t n, n_runs = explainer->runs.len / sizeof(struct explain_run);
    const struct explained_word *words = explained_words(&explainer->words, &n);
    const struct explain_run *runs = (const struct explain_run *)(void *)explainer->runs.at;
    for (size_t i = 0; i < n; i++) {
        size_t len = words[i].span.end - words[i].span.begin;
        if (len > 1 && words[i].from == ORIGIN_HMM)
            join(explainer, SUGGEST_KEEP, words + i, 1);
        if (len > 1 && words[i].from == ORIGIN_DICT)
            split(explainer, words[i].span);
        if (i + 1 < n)
            join(explainer, SUGGEST_JOIN, words + i, 2);
        if (n_runs > 0 && runs->first == i) {
            if (runs->n > 2)
                join(explainer, SUGGEST_JOIN, words + i, runs->n);
            runs++;
            n_runs--;
        }
    }
}
