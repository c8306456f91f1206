#include "jieba/weights.h"

#include "jieba/dict.h"
#include "util/utf8.h"

bool jieba_weights_reach(struct str word)
{
    size_t n = 0;
    for (size_t i = 0, len; i < word.len; i += len, n++) {
        uint32_t code;
        len = utf8_read(word.at + i, word.len - i, &code);
        if (!len || !jieba_label(code))
            return false;
    }
    return n >= 2;
}

double jieba_weights_idf(const struct jieba_weights *weights, struct str word)
{
    uint32_t number = 0;
    jieba_table_find(&weights->idf, word, &number);
    return weights->values[number];
}

bool jieba_weights_stop(const struct jieba_weights *weights, struct str word)
{
    char lower[JIEBA_TABLE_MAX_WORD];
    uint32_t number;
    if (word.len > sizeof lower)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return jieba_table_find(&weights->stop_words, (struct str){lower, word.len}, &number);
}

int jieba_weights_verify(const struct jieba_weights *weights, struct err *err)
{
    if (jieba_table_verify(&weights->idf, 1, (uint32_t)weights->n_values, err))
        return -1;
    return jieba_table_verify(&weights->stop_words, 0, 1, err);
}
