#include "segmenter/keywords.h"
#include "segmenter/terms.h"

#include <stdlib.h>

/* Set `words` to the different words, each with the weight count * (idf / count of all terms),
 * computed in this order. `words` has room for all. */
static void weigh_words(const struct terms *terms, const struct idf *weights,
                        struct ranked_term *words)
{
    size_t end;
    for (size_t begin = 0; begin < terms->n; begin = end) {
        const struct term *first = &terms->at[begin];
        for (end = begin + 1; end < terms->n && terms->at[end].id == first->id; end++)
            ;
        double idf = idf_of(weights, term_word(terms, first));
        *words++ = (struct ranked_term){
            .weight = (double)(end - begin) * (idf / (double)terms->n),
            .order = first->at,
            .at = first->at,
            .len = first->len,
        };
    }
}

/* Find the keywords among the terms. */
static int rank_words(struct terms *terms, const struct keyword_query *query,
                      struct keywords *found, struct err *err)
{
    size_t n = terms_number(terms, query->weights);
    struct ranked_term *words = malloc((n + 1) * sizeof *words);
    if (!words)
        return err_set(err, "out of memory for %zu words", n);
    weigh_words(terms, query->weights, words);
    int status = terms_rank(words, n, query, found, err);
    free(words);
    return status;
}

int keywords_tfidf(struct segmenter *seg, const struct keyword_query *query, struct keywords *found,
                   struct err *err)
{
    struct terms terms = {.text = query->text};
    *found = (struct keywords){0};
    int status = query->n_allow_pos ? terms_tag(seg, query, &terms, err)
                                    : terms_cut(seg, query, &terms, err);
    if (!status)
        status = rank_words(&terms, query, found, err);
    terms_free(&terms);
    return status;
}
