#include "segmenter/idf.h"

#include "util/utf8.h"

bool idf_can_reach(struct str word)
{
    size_t n = 0;
    for (size_t i = 0, len; i < word.len; i += len, n++) {
        uint32_t code;
        len = utf8_read(word.at + i, word.len - i, &code);
        if (!len)
            return false;
    }
    return n >= 2;
}

double idf_of(const struct idf *weights, struct str word)
{
    uint32_t number = 0;
    word_table_find(&weights->idf, word, &number);
    return weights->values[number];
}

bool idf_is_stop_word(const struct idf *weights, struct str word)
{
    char lower[WORD_TABLE_MAX_WORD];
    uint32_t number;
    if (word.len > sizeof lower)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return word_table_find(&weights->stop_words, (struct str){lower, word.len}, &number);
}
