/*
 * The frequencies may be those of a word list, which changes with every word that is added: so each
 * word is looked up by its text. Slow, and quick enough for a word.
 */
#include "segmenter/suggest_freq.h"

#include "util/utf8.h"

#include <math.h>

#define MAX_CHARACTERS 64
#define MAX_FREQ       0x1p62 /* of a suggestion: twice that is more than an int64_t holds */

struct word {
    const struct freq_source *freqs;
    struct str text;
    size_t n;                           /* characters */
    size_t offsets[MAX_CHARACTERS + 1]; /* where each begins, and the end */
    uint32_t places[MAX_CHARACTERS];
    double best[MAX_CHARACTERS + 1];
    size_t ends[MAX_CHARACTERS];
};

static int read_word(struct word *word, struct err *err)
{
    for (size_t at = 0; at < word->text.len;) {
        uint32_t code;
        size_t len = utf8_read(word->text.at + at, word->text.len - at, &code);
        if (!len)
            return err_set(err, "a word is no UTF-8");
        if (word->n == MAX_CHARACTERS)
            return err_set(err, "a word has more than %d characters", MAX_CHARACTERS);
        word->places[word->n] = dict_label(code);
        word->offsets[word->n++] = at;
        at += len;
    }
    word->offsets[word->n] = word->text.len;
    return 0;
}

static int64_t freq_of(const struct word *word, size_t begin, size_t end)
{
    size_t at = word->offsets[begin];
    return word->freqs->of(word->freqs->source,
                           (struct str){word->text.at + at, word->offsets[end] - at});
}

/* The best way through the characters [begin, end) of one block, as calc() in jieba finds it. */
static void find_best_path(struct word *word, size_t begin, size_t end)
{
    double log_total = log((double)word->freqs->total);
    word->best[end] = 0;
    for (size_t i = end; i-- > begin;) {
        word->best[i] = log(1) - log_total + word->best[i + 1];
        word->ends[i] = i + 1;
        bool found = false;
        for (size_t j = i + 1; j <= end; j++) {
            int64_t freq = freq_of(word, i, j);
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

/* The end of the word that begins at i when text is cut without the model. */
static size_t next_word(const struct word *word, size_t i, size_t end)
{
    size_t j = i;
    while (j < end && label_is_alnum(word->places[j]) && word->ends[j] == j + 1)
        j++;
    return j > i ? j : word->ends[i];
}

/* Multiply the share that each word of a block has of the total into `*share`. */
static void add_shares(struct word *word, size_t begin, size_t end, double *share)
{
    double total = (double)word->freqs->total;
    find_best_path(word, begin, end);
    for (size_t i = begin; i < end;) {
        size_t next = next_word(word, i, end);
        int64_t freq = freq_of(word, i, next);
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
        while (word.places[i] && end < word.n && word.places[end])
            end++;
        add_shares(&word, i, end, &share);
        i = end;
    }
    if (!(share * total < MAX_FREQ)) /* not a number where the total is 0 */
        return err_set(err,
                       "no frequency can be suggested for '%.*s', since those of all words are %s",
                       (int)text.len, text.at, total > 0 ? "too large" : "missing");
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
