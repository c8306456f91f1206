/*
 * tfidf: jieba's TFIDF.extract_tags().
 */
#include "jieba/terms.h"

#include <stdlib.h>

/* Weigh each word: its count times (its idf / the count of all), in this order. `words` has room
 * for all. */
static void weigh(const struct jieba_terms *terms, const struct jieba_weights *weights,
                  struct jieba_ranked *words)
{
    size_t end;
    for (size_t begin = 0; begin < terms->n; begin = end) {
        const struct jieba_term *first = &terms->at[begin];
        for (end = begin + 1; end < terms->n && terms->at[end].id == first->id; end++)
            ;
        double idf = jieba_weights_idf(weights, jieba_term_word(terms, first));
        *words++ = (struct jieba_ranked){
            .weight = (double)(end - begin) * (idf / (double)terms->n),
            .order = first->at,
            .at = first->at,
            .len = first->len,
        };
    }
}

static int rank(struct jieba_terms *terms, const struct jieba_keyword_query *query,
                struct jieba_keywords *found, struct err *err)
{
    size_t n = jieba_terms_number(terms, query->weights);
    struct jieba_ranked *words = malloc((n + 1) * sizeof *words);
    if (!words)
        return err_set(err, "out of memory for %zu words", n);
    weigh(terms, query->weights, words);
    int status = jieba_rank(words, n, query, found, err);
    free(words);
    return status;
}

int jieba_tfidf(struct jieba *jieba, const struct jieba_keyword_query *query,
                struct jieba_keywords *found, struct err *err)
{
    struct jieba_terms terms = {.text = query->text};
    *found = (struct jieba_keywords){0};
    int status =
        (query->n_allow_pos ? jieba_terms_tag : jieba_terms_cut)(jieba, query, &terms, err);
    if (!status)
        status = rank(&terms, query, found, err);
    jieba_terms_free(&terms);
    return status;
}
