/*
 * The source can be a word list that changes with every added word, so that each piece is looked up
 * by its text. This is slow, and fast enough for one word.
 */
#include "segmenter/suggest_freq.h"

#include "util/utf8.h"

#include <math.h>

#define MAX_FREQ 0x1p62 /* The highest suggestion: an int64_t does not hold twice as much. */

struct word {
    const struct freq_source *freqs;
    struct str text;
    size_t n;                                   /* The number of characters. */
    size_t offsets[SUGGEST_MAX_CHARACTERS + 1]; /* The byte at which each begins; then the end. */
    uint32_t labels[SUGGEST_MAX_CHARACTERS];
    double best[SUGGEST_MAX_CHARACTERS + 1]; /* The sum of log probabilities of the best path. */
    size_t ends[SUGGEST_MAX_CHARACTERS];     /* The end of the best path's word that begins here. */
};

static int read_word(struct word *word, struct err *err)
{
    for (size_t at = 0; at < word->text.len;) {
        uint32_t code;
        size_t len = utf8_read(word->text.at + at, word->text.len - at, &code);
        if (!len)
            return err_set(err, "the word is not valid UTF-8");
        if (word->n == SUGGEST_MAX_CHARACTERS)
            return err_set(err, "the word has more than %d characters / 超过 %d 个字符",
                           SUGGEST_MAX_CHARACTERS, SUGGEST_MAX_CHARACTERS);
        word->labels[word->n] = dict_label(code);
        word->offsets[word->n++] = at;
        at += len;
    }
    word->offsets[word->n] = word->text.len;
    return 0;
}

/* The frequency of the characters [begin, end) in the source. */
static int64_t freq_of_part(const struct word *word, size_t begin, size_t end)
{
    size_t at = word->offsets[begin];
    return word->freqs->of(word->freqs->source,
                           (struct str){word->text.at + at, word->offsets[end] - at});
}

/* Find the best path through the characters [begin, end) of one block; jieba's calc(). */
static void find_path(struct word *word, size_t begin, size_t end)
{
    double log_total = log((double)word->freqs->total);
    word->best[end] = 0;
    for (size_t i = end; i-- > begin;) {
        word->best[i] = log(1) - log_total + word->best[i + 1];
        word->ends[i] = i + 1;
        bool found = false;
        for (size_t j = i + 1; j <= end; j++) {
            int64_t freq = freq_of_part(word, i, j);
            if (freq < 0)
                break;
            double sum = log((double)freq) - log_total + word->best[j];
            if (freq > 0 && (!found || sum >= word->best[i])) {
                word->best[i] = sum;
                word->ends[i] = j;
                found = true;
            }
        }
    }
}

/* The end of the word that begins at i when the text is cut without the model. */
static size_t end_of_word(const struct word *word, size_t i, size_t end)
{
    size_t j = i;
    while (j < end && label_is_alnum(word->labels[j]) && word->ends[j] == j + 1)
        j++;
    return j > i ? j : word->ends[i];
}

/* Multiply `*share` by the frequency of each word of a block divided by the total. */
static void multiply_shares(struct word *word, size_t begin, size_t end, double *share)
{
    double total = (double)word->freqs->total;
    find_path(word, begin, end);
    for (size_t i = begin; i < end;) {
        size_t next = end_of_word(word, i, end);
        int64_t freq = freq_of_part(word, i, next);
        *share *= (double)(freq < 0 ? 1 : freq) / total;
        i = next;
    }
}

int64_t suggest_join(const struct freq_source *freqs, struct str text, struct err *err)
{
    struct word word = {.freqs = freqs, .text = text};
    double share = 1, total = (double)freqs->total;
    if (read_word(&word, err))
        return -1;
    for (size_t i = 0; i < word.n;) {
        size_t end = i + 1;
        while (word.labels[i] && end < word.n && word.labels[end])
            end++;
        multiply_shares(&word, i, end, &share);
        i = end;
    }
    if (!(share * total < MAX_FREQ)) /* It is not a number if the total is 0. */
        return err_set(err, "cannot suggest a frequency for '%.*s': %s (give the word a frequency)",
                       (int)text.len, text.at,
                       total > 0 ? "the sum of all frequencies is too large"
                                 : "the dictionary has no frequencies");
    int64_t freq = (int64_t)(share * total) + 1;
    int64_t present = freqs->of(freqs->source, text);
    return freq > present ? freq : present;
}

int64_t suggest_split(const struct freq_source *freqs, struct str word, const struct str *pieces,
                      size_t n)
{
    double share = 1, total = (double)freqs->total;
    for (size_t i = 0; i < n; i++) {
        int64_t freq = freqs->of(freqs->source, pieces[i]);
        share *= (double)(freq < 0 ? 1 : freq) / total;
    }
    int64_t present = freqs->of(freqs->source, word);
    if (present < 0)
        present = 0;
    return share * total < (double)present ? (int64_t)(share * total) : present;
}

/* Look up a word in a compiled dictionary; `of` of a freq_source. */
static int64_t freq_in_dict(const void *source, struct str word)
{
    const struct dict *dict = source;
    dict_unit node = dict->units[0];
    for (size_t at = 0, len; at < word.len; at += len) {
        uint32_t code = 0;
        len = utf8_read(word.at + at, word.len - at, &code);
        uint32_t label = len ? dict_label(code) : 0;
        node = dict_child(dict, node, label);
        if (!label || dict_unit_label(node) != label)
            return -1;
    }
    uint32_t prob = dict_unit_prob(node);
    return prob ? dict->freqs[prob] : 0;
}

struct freq_source dict_freq_source(const struct dict *dict)
{
    return (struct freq_source){freq_in_dict, dict, dict->freqs[0]};
}
