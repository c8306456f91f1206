#include "jieba/build.h"

#include "jieba/numbers.h"
#include "jieba/phrases.h"
#include "jieba/tagset.h"
#include "jieba/trie.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

struct jieba_builder {
    struct jieba_trie *words;
    struct jieba_trie *phrases; /* NULL where words with symbols are left out */

    struct jieba_numbers freqs; /* by cost index; [0] is 0, at last the total, and [1] is 1 */
    int64_t total;
    struct jieba_tagset tagset;

    jieba_unit *units, *phrase_units;
    uint16_t *tags, *phrase_tags; /* of the units */
    double *costs;
};

void jieba_builder_free(struct jieba_builder *builder)
{
    if (!builder)
        return;
    jieba_trie_free(builder->words);
    jieba_trie_free(builder->phrases);
    jieba_numbers_free(&builder->freqs);
    free(builder->units);
    free(builder->phrase_units);
    free(builder->tags);
    free(builder->phrase_tags);
    free(builder->costs);
    free(builder);
}

struct jieba_builder *jieba_builder_new(bool phrases, struct err *err)
{
    struct jieba_builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        err_set(err, "out of memory for compiling words");
        return NULL;
    }
    jieba_tagset_init(&builder->tagset);
    builder->words = jieba_trie_new(err);
    if (phrases)
        builder->phrases = jieba_trie_new(err);
    if (!builder->words || (phrases && !builder->phrases) ||
        jieba_numbers_add(&builder->freqs, 0, JIEBA_MAX_COST, err) != 0 || /* no word: -inf */
        jieba_numbers_add(&builder->freqs, 1, JIEBA_MAX_COST, err) != JIEBA_COST_OF_ONE) {
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
        if (n == JIEBA_MAX_DEPTH)
            return err_set(err, "the word '%.40s…' is longer than %d characters", word.at,
                           JIEBA_MAX_DEPTH);
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
    uint16_t labels[JIEBA_MAX_DEPTH], tag_number;
    if (freq < 0 || freq > INT64_MAX - builder->total)
        return err_set(err, "the frequency of '%.*s' is out of range", (int)word.len, word.at);
    int n = read_labels(word, labels, err);
    if (n < 0 || jieba_tagset_add(&builder->tagset, tag, &tag_number, err))
        return -1;
    struct jieba_trie *trie = n > 0 ? builder->words : builder->phrases;
    builder->total += freq;
    if (!trie || word.len == 0)
        return 0;
    if (n == 0 && (n = jieba_phrase_labels(word, labels, err)) < 0)
        return -1;
    uint32_t cost = jieba_numbers_add(&builder->freqs, (uint64_t)freq, JIEBA_MAX_COST, err);
    if (cost == UINT32_MAX)
        return -1;
    return jieba_trie_add(trie, labels, (size_t)n, cost, tag_number, err);
}

/* jieba's calc(): log(freq) - log(total), in this order. */
static int fill_costs(struct jieba_builder *builder, int64_t total, struct err *err)
{
    builder->costs = malloc(builder->freqs.n * sizeof *builder->costs);
    if (!builder->costs)
        return err_set(err, "out of memory for %zu costs", builder->freqs.n);
    double log_total = log(total > 0 ? (double)total : 1.0);
    for (size_t i = 0; i < builder->freqs.n; i++)
        builder->costs[i] = log((double)builder->freqs.at[i]) - log_total;
    builder->freqs.at[0] = (uint64_t)total;
    return 0;
}

int jieba_builder_finish(struct jieba_builder *builder, int64_t more, struct jieba_dict *dict,
                         struct err *err)
{
    if (more < 0 || more > INT64_MAX - builder->total)
        return err_set(err, "the sum of the frequencies is out of range");
    if (jieba_trie_lay_out(builder->words, JIEBA_LABELS, &builder->units, &builder->tags,
                           &dict->n_units, err) ||
        fill_costs(builder, builder->total + more, err))
        return -1;
    dict->n_phrases = 0;
    if (builder->phrases && !jieba_trie_is_empty(builder->phrases) &&
        jieba_trie_lay_out(builder->phrases, JIEBA_PHRASE_LABELS, &builder->phrase_units,
                           &builder->phrase_tags, &dict->n_phrases, err))
        return -1;
    dict->units = builder->units;
    dict->tags = builder->tags;
    dict->tag_names = builder->tagset.names;
    dict->n_tags = builder->tagset.n;
    dict->costs = builder->costs;
    dict->freqs = (const int64_t *)builder->freqs.at;
    dict->n_costs = (uint32_t)builder->freqs.n;
    dict->phrases = builder->phrase_units;
    dict->phrase_tags = builder->phrase_tags;
    return 0;
}
