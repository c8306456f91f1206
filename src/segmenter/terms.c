#include "segmenter/terms.h"

#include "segmenter/tag.h"

#include <stdlib.h>
#include <string.h>

void keywords_free(struct keywords *keywords)
{
    free(keywords->at);
    *keywords = (struct keywords){0};
}

void terms_free(struct terms *terms)
{
    free(terms->at);
}

/* The number of bytes of the character that begins with this byte. */
static size_t character_bytes(char first)
{
    unsigned char c = (unsigned char)first;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* Count a word, and append it if it has two characters or more and is not CR LF. Returns 0, or -1
 * when memory ran out. */
static int add_term(struct terms *terms, struct str word)
{
    uint32_t place = terms->place++;
    if (word.len == 0 || word.at[0] == '\r' || word.len <= character_bytes(word.at[0]))
        return 0;
    if (terms->n == terms->cap) {
        size_t cap = terms->cap ? terms->cap * 2 : 256;
        struct term *at = realloc(terms->at, cap * sizeof *at);
        if (!at)
            return -1;
        terms->at = at;
        terms->cap = cap;
    }
    terms->at[terms->n++] = (struct term){
        .at = (uint32_t)(word.at - terms->text.at), .len = (uint32_t)word.len, .place = place};
    return 0;
}

/* The sink of terms_cut(). */
static int add_words(void *arg, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (add_term(arg, words[i]))
            return -1;
    }
    return 0;
}

int terms_cut(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err)
{
    return segmenter_cut(seg, query->dict, query->text, SEGMENT_ACCURATE, true, add_words, terms,
                         err);
}

/* What the sink of terms_tag() needs. */
struct tagged_terms {
    const struct keyword_query *query;
    struct terms *terms;
};

static bool is_allowed(const struct keyword_query *query, struct str tag)
{
    for (size_t i = 0; i < query->n_allow_pos; i++) {
        if (str_eq(query->allow_pos[i], tag))
            return true;
    }
    return false;
}

/* The sink of terms_tag(). */
static int add_tagged_words(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct tagged_terms *tagged = arg;
    for (size_t i = 0; i < n; i++) {
        if (!is_allowed(tagged->query, tags[i]))
            tagged->terms->place++;
        else if (add_term(tagged->terms, words[i]))
            return -1;
    }
    return 0;
}

int terms_tag(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err)
{
    struct tagged_terms tagged = {query, terms};
    return segmenter_tag(seg, query->dict, query->text, true, add_tagged_words, &tagged, err);
}

static int compare_by_text(const void *left, const void *right, void *arg)
{
    const struct term *a = left, *b = right;
    const char *text = arg;
    int order = memcmp(text + a->at, text + b->at, a->len < b->len ? a->len : b->len);
    if (!order)
        order = (a->len > b->len) - (a->len < b->len);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

size_t terms_number(struct terms *terms, const struct idf *weights)
{
    size_t kept = 0, words = 0, end;
    if (terms->n == 0)
        return 0;
    qsort_r(terms->at, terms->n, sizeof *terms->at, compare_by_text,
            (char *)(uintptr_t)terms->text.at);
    for (size_t begin = 0; begin < terms->n; begin = end) {
        struct str word = term_word(terms, &terms->at[begin]);
        for (end = begin + 1; end < terms->n; end++) {
            if (!str_eq(term_word(terms, &terms->at[end]), word))
                break;
        }
        if (idf_is_stop_word(weights, word))
            continue;
        for (size_t i = begin; i < end; i++) {
            terms->at[kept] = terms->at[i];
            terms->at[kept++].id = (uint32_t)words;
        }
        words++;
    }
    terms->n = kept;
    return words;
}

static int compare_by_weight(const void *left, const void *right)
{
    const struct ranked_term *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

int terms_rank(struct ranked_term *words, size_t n, const struct keyword_query *query,
               struct keywords *found, struct err *err)
{
    *found = (struct keywords){0};
    if (n == 0)
        return 0;
    qsort(words, n, sizeof *words, compare_by_weight);
    if (query->top && query->top < n)
        n = query->top;
    found->at = malloc(n * sizeof *found->at);
    if (!found->at)
        return err_set(err, "out of memory for %zu keywords", n);
    for (; found->n < n; found->n++) {
        const struct ranked_term *word = &words[found->n];
        found->at[found->n] = (struct keyword){.word = {query->text.at + word->at, word->len},
                                               .weight = word->weight};
    }
    return 0;
}
