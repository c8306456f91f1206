#include "lexicon/wordlist.h"

#include "lexicon/tagset.h"
#include "lexicon/trie.h"
#include "segmenter/suggest_freq.h"
#include "util/buf.h"
#include "util/utf8.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    char *text; /* [len] The word, owned; NULL in a free entry. */
    uint32_t len;
    uint16_t tag;
    bool is_forbidden; /* Whether the model must not find the word. */
    int64_t freq;
};

/* A hash table with linear probing, at most half full. */
struct wordlist {
    struct entry *entries; /* [size] */
    size_t n;              /* The number of entries in use. */
    size_t size;           /* A power of two. */
    int64_t total;
    struct tagset tagset;
};

#define FIRST_SIZE 4096

struct wordlist *wordlist_new(struct err *err)
{
    struct wordlist *list = calloc(1, sizeof *list);
    if (list)
        list->entries = calloc(FIRST_SIZE, sizeof *list->entries);
    if (!list || !list->entries) {
        free(list);
        err_set(err, "out of memory for a word list");
        return NULL;
    }
    list->size = FIRST_SIZE;
    tagset_init(&list->tagset);
    return list;
}

void wordlist_free(struct wordlist *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->size; i++)
        free(list->entries[i].text);
    free(list->entries);
    free(list);
}

/* FNV-1a, 64 bits. */
static uint64_t hash_word(struct str word)
{
    uint64_t sum = 0xCBF29CE484222325u;
    for (size_t i = 0; i < word.len; i++)
        sum = (sum ^ (unsigned char)word.at[i]) * 0x100000001B3u;
    return sum;
}

/* Return the entry of a word, or the free one where it belongs. */
static struct entry *find_entry(const struct wordlist *list, struct str word)
{
    size_t i = (size_t)hash_word(word) & (list->size - 1);
    while (list->entries[i].text &&
           !str_eq((struct str){list->entries[i].text, list->entries[i].len}, word))
        i = (i + 1) & (list->size - 1);
    return &list->entries[i];
}

/* Double the size of the table. */
static int grow_table(struct wordlist *list, struct err *err)
{
    struct wordlist larger = {.size = list->size * 2};
    larger.entries = calloc(larger.size, sizeof *larger.entries);
    if (!larger.entries)
        return err_set(err, "out of memory for %zu words", list->n);
    for (size_t i = 0; i < list->size; i++) {
        struct entry *entry = &list->entries[i];
        if (entry->text)
            *find_entry(&larger, (struct str){entry->text, entry->len}) = *entry;
    }
    free(list->entries);
    list->entries = larger.entries;
    list->size = larger.size;
    return 0;
}

/* Return the entry of a word, which is added with the frequency 0 if it is new; or NULL with a
 * reason. */
static struct entry *find_or_add(struct wordlist *list, struct str word, struct err *err)
{
    struct entry *entry = find_entry(list, word);
    if (entry->text)
        return entry;
    if (list->n * 2 >= list->size) {
        if (grow_table(list, err))
            return NULL;
        entry = find_entry(list, word);
    }
    entry->text = malloc(word.len);
    if (!entry->text) {
        err_set(err, "out of memory for a word of %zu bytes", word.len);
        return NULL;
    }
    memcpy(entry->text, word.at, word.len);
    entry->len = (uint32_t)word.len;
    list->n++;
    return entry;
}

/* Whether byte i begins a character, or is the end of the word. */
static bool is_boundary(struct str word, size_t i)
{
    return i == word.len || ((unsigned char)word.at[i] & 0xC0) != 0x80;
}

int wordlist_add(struct wordlist *list, struct str word, int64_t freq, struct str tag,
                 struct err *err)
{
    uint16_t number;
    if (tagset_add(&list->tagset, tag, &number, err))
        return -1;
    if (word.len == 0 || word.len > UINT32_MAX)
        return err_set(err, "a word is empty or too long");
    if (freq < 0)
        return err_set(err, "invalid frequency %lld of the word '%.*s': use 0 or more",
                       (long long)freq, (int)word.len, word.at);
    if (freq > INT64_MAX - list->total)
        return err_set(err, "the sum of the frequencies is too large");
    for (size_t i = 1; i <= word.len; i++) {
        if (is_boundary(word, i) && !find_or_add(list, (struct str){word.at, i}, err))
            return -1;
    }
    struct entry *entry = find_entry(list, word);
    entry->freq = freq;
    entry->tag = number ? number : entry->tag;
    list->total += freq;
    return 0;
}

int wordlist_forbid(struct wordlist *list, struct str word, struct err *err)
{
    struct entry *entry = find_or_add(list, word, err);
    if (!entry)
        return -1;
    entry->is_forbidden = true;
    return 0;
}

int wordlist_count(struct wordlist *list, int64_t freq, struct err *err)
{
    if (freq < 0 || freq > INT64_MAX - list->total)
        return err_set(err, "the sum of the frequencies is too large");
    list->total += freq;
    return 0;
}

int64_t wordlist_freq(const struct wordlist *list, struct str word)
{
    const struct entry *entry = find_entry(list, word);
    return entry->text ? entry->freq : -1;
}

int64_t wordlist_total(const struct wordlist *list)
{
    return list->total;
}

/* Look up a word in a list; `of` of a freq_source. */
static int64_t freq_in_list(const void *source, struct str word)
{
    return wordlist_freq(source, word);
}

int64_t wordlist_suggest(const struct wordlist *list, struct str word, struct err *err)
{
    return suggest_join(&(struct freq_source){freq_in_list, list, list->total}, word, err);
}

/* Return an array with the unit that has each base, at the index of the base; NULL with a reason when
 * memory ran out. The caller frees it. */
static uint32_t *find_parents(const dict_unit *units, uint32_t n, struct err *err)
{
    uint32_t *parents = calloc(n + 1, sizeof *parents);
    if (!parents)
        err_set(err, "out of memory for %u units", n);
    for (uint32_t i = 0; parents && i < n; i++) {
        if (dict_unit_base(units[i]))
            parents[dict_unit_base(units[i])] = i;
    }
    return parents;
}

/* Append the character of a label. */
static void add_label(struct buf *out, uint32_t label)
{
    if (label_is_han(label)) {
        uint32_t code = label - DICT_HAN_LABEL + DICT_FIRST_HAN;
        buf_add_char(out, (char)(0xE0 | code >> 12));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
        return;
    }
    for (int c = 0; c < 128; c++) {
        if (dict_ascii_label[c] == label)
            buf_add_char(out, (char)c);
    }
}

/* Set `out` to the word that ends at a unit. */
static void spell_word(const struct dict *dict, const uint32_t *parents, uint32_t unit,
                       struct buf *out)
{
    uint32_t labels[TRIE_MAX_DEPTH];
    size_t n = 0;
    for (; unit && n < TRIE_MAX_DEPTH; unit = parents[unit - labels[n - 1]])
        labels[n++] = dict_unit_label(dict->units[unit]);
    buf_reset(out);
    while (n > 0)
        add_label(out, labels[--n]);
}

static struct str tag_of_unit(const struct dict *dict, uint32_t unit)
{
    return tag_str(&dict->tag_names[dict->tags[unit]]);
}

/* Whether a unit is a word, has a tag, or is the last character of a word with the frequency 0. All
 * others are only prefixes of such units. */
static bool is_listed(const struct dict *dict, uint32_t unit)
{
    dict_unit at = dict->units[unit];
    return dict_unit_prob(at) || dict->tags[unit] ||
           (dict_unit_label(at) != DICT_NO_LABEL && !dict_unit_base(at));
}

/* Forbid a word of a list; a word_table_sink. */
static int forbid_word(void *arg, struct str word, uint32_t number, struct err *err)
{
    (void)number;
    return wordlist_forbid(arg, word, err);
}

/* Set `out` to the phrase that ends at a unit; see segmenter/phrases.h. */
static void spell_phrase(const struct dict *dict, const uint32_t *parents, uint32_t unit,
                         struct buf *out)
{
    char bytes[TRIE_MAX_DEPTH];
    size_t n = 0;
    for (uint32_t label; unit && n < TRIE_MAX_DEPTH; unit = parents[unit - label]) {
        label = dict_unit_label(dict->phrases[unit]);
        bytes[TRIE_MAX_DEPTH - ++n] = (char)(label - 1);
    }
    buf_reset(out);
    buf_add(out, bytes + TRIE_MAX_DEPTH - n, n);
}

/* Add the phrases of a compiled dictionary, which are words like any others for jieba. */
static int add_phrases(struct wordlist *list, const struct dict *dict, struct err *err)
{
    struct buf word = {0};
    uint32_t *parents = find_parents(dict->phrases, dict->n_phrases, err);
    int status = parents ? 0 : -1;
    for (uint32_t i = 1; !status && i < dict->n_phrases; i++) {
        uint32_t prob = dict_unit_prob(dict->phrases[i]);
        if (!prob)
            continue;
        spell_phrase(dict, parents, i, &word);
        status = word.failed ? err_set(err, "out of memory for a word")
                             : wordlist_add(list, buf_str(&word), dict->freqs[prob],
                                            tag_str(&dict->tag_names[dict->phrase_tags[i]]), err);
    }
    buf_free(&word);
    free(parents);
    return status;
}

int wordlist_add_dict(struct wordlist *list, const struct dict *dict, struct err *err)
{
    struct buf word = {0};
    uint32_t *parents = find_parents(dict->units, dict->n_units, err);
    int status = parents ? 0 : -1;
    for (uint32_t i = 1; !status && i < dict->n_units; i++) {
        uint32_t prob = dict_unit_prob(dict->units[i]);
        if (!is_listed(dict, i))
            continue;
        spell_word(dict, parents, i, &word);
        status = word.failed ? err_set(err, "out of memory for a word")
                             : wordlist_add(list, buf_str(&word), prob ? dict->freqs[prob] : 0,
                                            tag_of_unit(dict, i), err);
    }
    if (!status)
        status = add_phrases(list, dict, err);
    list->total = dict->freqs[0];
    buf_free(&word);
    free(parents);
    return status ? -1 : word_table_each(&dict->forbidden, forbid_word, list, err);
}

/* Give a word the tag that it has in the compiled dictionary; see wordlist_add_tags(). */
static int add_missing_tag(struct wordlist *list, struct str word, struct str tag, struct err *err)
{
    uint32_t code;
    struct entry *entry = find_entry(list, word);
    if (!entry->text && utf8_read(word.at, word.len, &code) != word.len)
        return 0;
    if (!entry->text && !(entry = find_or_add(list, word, err)))
        return -1;
    return entry->tag ? 0 : tagset_add(&list->tagset, tag, &entry->tag, err);
}

int wordlist_add_tags(struct wordlist *list, const struct dict *dict, struct err *err)
{
    struct buf word = {0};
    uint32_t *parents = find_parents(dict->units, dict->n_units, err);
    int status = parents ? 0 : -1;
    for (uint32_t i = 1; !status && i < dict->n_units; i++) {
        if (dict->tags[i] == TAGSET_NO_TAG)
            continue;
        spell_word(dict, parents, i, &word);
        status = word.failed ? err_set(err, "out of memory for a word")
                             : add_missing_tag(list, buf_str(&word), tag_of_unit(dict, i), err);
    }
    buf_free(&word);
    free(parents);
    return status;
}

/* The order of two words by their bytes, which the builder needs. */
static int compare_entries(const void *left, const void *right)
{
    const struct entry *const *a = left, *const *b = right;
    size_t len = (*a)->len < (*b)->len ? (*a)->len : (*b)->len;
    int order = memcmp((*a)->text, (*b)->text, len);
    return order ? order : ((*a)->len > (*b)->len) - ((*a)->len < (*b)->len);
}

/* Add the words to the builder in order, and compile them. */
static int build_dict(const struct wordlist *list, struct dict_builder *builder,
                      const struct entry **words, size_t n, struct dict *dict, struct err *err)
{
    int64_t more = list->total; /* What the total has beyond the sum of the words. */
    qsort(words, n, sizeof *words, compare_entries);
    for (size_t i = 0; i < n; i++) {
        more -= words[i]->freq;
        struct str word = {words[i]->text, words[i]->len};
        struct str tag = tag_str(&list->tagset.names[words[i]->tag]);
        if (dict_builder_add(builder, word, words[i]->freq, words[i]->tag ? tag : str_of(""),
                             err) ||
            (words[i]->is_forbidden && dict_builder_forbid(builder, word, err)))
            return -1;
    }
    return dict_builder_finish(builder, more, dict, err);
}

struct dict_builder *wordlist_compile(const struct wordlist *list, struct dict *dict,
                                      struct err *err)
{
    size_t n = 0;
    struct dict_builder *builder = dict_builder_new(false, err);
    const struct entry **words = malloc((list->n + 1) * sizeof *words);
    if (!words)
        err_set(err, "out of memory for %zu words", list->n);
    for (size_t i = 0; words && i < list->size; i++) {
        const struct entry *entry = &list->entries[i];
        if (entry->text && (entry->freq > 0 || entry->tag || entry->is_forbidden))
            words[n++] = entry;
    }
    int status = builder && words ? build_dict(list, builder, words, n, dict, err) : -1;
    free(words);
    if (!status)
        return builder;
    dict_builder_free(builder);
    return NULL;
}
