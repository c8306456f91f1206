#include "lexicon/dict_builder.h"

#include "lexicon/interner.h"
#include "lexicon/tagset.h"
#include "lexicon/trie.h"
#include "lexicon/word_table_builder.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

struct dict_builder {
    struct trie *words;
    struct trie *phrases; /* NULL if words with symbols are left out. */

    struct interner freqs; /* The frequency of each probability index; see `struct dict`. */
    int64_t total;         /* The sum of the frequencies added. */
    struct tagset tagset;
    struct word_table_builder forbidden;

    /* The arrays of `struct dict`. */
    dict_unit *units, *phrase_units;
    uint16_t *tags, *phrase_tags;
    double *log_probs;
};

void dict_builder_free(struct dict_builder *builder)
{
    if (!builder)
        return;
    trie_free(builder->words);
    trie_free(builder->phrases);
    interner_free(&builder->freqs);
    word_table_builder_free(&builder->forbidden);
    free(builder->units);
    free(builder->phrase_units);
    free(builder->tags);
    free(builder->phrase_tags);
    free(builder->log_probs);
    free(builder);
}

struct dict_builder *dict_builder_new(bool phrases, struct err *err)
{
    struct dict_builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        err_set(err, "out of memory for compiling words");
        return NULL;
    }
    tagset_init(&builder->tagset);
    builder->words = trie_new(err);
    if (phrases)
        builder->phrases = trie_new(err);
    if (!builder->words || (phrases && !builder->phrases) ||
        interner_add(&builder->freqs, 0, DICT_MAX_PROBS, err) != 0 ||
        interner_add(&builder->freqs, 1, DICT_MAX_PROBS, err) != DICT_PROB_OF_ONE) {
        dict_builder_free(builder);
        return NULL;
    }
    return builder;
}

/* Set `labels` to those of a word. Returns their number, 0 if a character has no label, or -1 with
 * a reason. */
static int read_labels(struct str word, uint16_t *labels, struct err *err)
{
    int n = 0;
    for (size_t i = 0; i < word.len;) {
        uint32_t code;
        size_t len = utf8_read(word.at + i, word.len - i, &code);
        if (!len)
            return err_set(err, "the word '%.*s' is not valid UTF-8", (int)word.len, word.at);
        if (n == TRIE_MAX_DEPTH)
            return err_set(err, "the word '%.40s…' has more than %d characters", word.at,
                           TRIE_MAX_DEPTH);
        uint32_t label = dict_label(code);
        if (!label)
            return 0;
        labels[n++] = (uint16_t)label;
        i += len;
    }
    return n;
}

/* Set `labels` to those of a phrase, its bytes plus 1. Returns their number, or -1 with a
 * reason. */
static int read_phrase_labels(struct str phrase, uint16_t *labels, struct err *err)
{
    if (phrase.len > TRIE_MAX_DEPTH)
        return err_set(err, "the word '%.40s…' has more than %d bytes", phrase.at, TRIE_MAX_DEPTH);
    for (size_t i = 0; i < phrase.len; i++)
        labels[i] = (uint16_t)((unsigned char)phrase.at[i] + 1);
    return (int)phrase.len;
}

/* Whether a word, which has `n` labels, is a phrase: it has a sign, or a character without a label. */
static bool is_phrase(const uint16_t *labels, int n)
{
    for (int i = 0; i < n; i++) {
        if (label_is_sign(labels[i]))
            return true;
    }
    return n == 0;
}

int dict_builder_add(struct dict_builder *builder, struct str word, int64_t freq, struct str tag,
                     struct err *err)
{
    uint16_t labels[TRIE_MAX_DEPTH], tag_number;
    if (freq < 0 || freq > INT64_MAX - builder->total)
        return err_set(err, "the frequency of '%.*s' is negative or too large", (int)word.len,
                       word.at);
    int n = read_labels(word, labels, err);
    if (n < 0 || tagset_add(&builder->tagset, tag, &tag_number, err))
        return -1;
    builder->total += freq;
    if (word.len == 0 || (n == 0 && !builder->phrases))
        return 0;
    struct trie *trie = builder->words;
    if (builder->phrases && is_phrase(labels, n)) {
        trie = builder->phrases;
        n = read_phrase_labels(word, labels, err);
        if (n < 0)
            return -1;
    }
    uint32_t prob = interner_add(&builder->freqs, (uint64_t)freq, DICT_MAX_PROBS, err);
    if (prob == UINT32_MAX)
        return -1;
    return trie_add(trie, labels, (size_t)n, prob, tag_number, err);
}

int dict_builder_forbid(struct dict_builder *builder, struct str word, struct err *err)
{
    uint16_t labels[TRIE_MAX_DEPTH];
    int n = read_labels(word, labels, err);
    if (n < 0)
        return -1;
    return n > 1 ? word_table_builder_add(&builder->forbidden, word, 0, err) : 0;
}

/* Compute log(freq) - log(total) in this order, as jieba's calc() does, and put the total into the
 * place of the frequency of index 0, which is not a word. */
static int compute_log_probs(struct dict_builder *builder, int64_t total, struct err *err)
{
    builder->log_probs = malloc(builder->freqs.n * sizeof *builder->log_probs);
    if (!builder->log_probs)
        return err_set(err, "out of memory for %zu log probabilities", builder->freqs.n);
    double log_total = log(total > 0 ? (double)total : 1.0);
    for (size_t i = 0; i < builder->freqs.n; i++)
        builder->log_probs[i] = log((double)builder->freqs.at[i]) - log_total;
    builder->freqs.at[0] = (uint64_t)total;
    return 0;
}

int dict_builder_finish(struct dict_builder *builder, int64_t more, struct dict *dict,
                        struct err *err)
{
    if (more < 0 || more > INT64_MAX - builder->total)
        return err_set(err, "the sum of the frequencies is too large");
    if (trie_lay_out(builder->words, DICT_LABELS, &builder->units, &builder->tags, &dict->n_units,
                     err) ||
        compute_log_probs(builder, builder->total + more, err))
        return -1;
    dict->n_phrases = 0;
    if (builder->phrases &&
        trie_lay_out(builder->phrases, DICT_PHRASE_LABELS, &builder->phrase_units,
                     &builder->phrase_tags, &dict->n_phrases, err))
        return -1;
    dict->units = builder->units;
    dict->tags = builder->tags;
    dict->tag_names = builder->tagset.names;
    dict->n_tags = builder->tagset.n;
    dict->log_probs = builder->log_probs;
    dict->freqs = (const int64_t *)builder->freqs.at;
    dict->n_probs = (uint32_t)builder->freqs.n;
    dict->phrases = builder->phrase_units;
    dict->phrase_tags = builder->phrase_tags;
    dict->forbidden = word_table_builder_table(&builder->forbidden);
    return 0;
}
