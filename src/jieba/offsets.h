/*
 * offsets: where words stand in their text, counted in code points, as jieba's tokenize() has it.
 */
#ifndef JIEBA_OFFSETS_H
#define JIEBA_OFFSETS_H

#include "util/str.h"

/* A place in a text that is walked through, from word to word. */
struct jieba_cursor {
    const char *at;
    size_t n; /* code points before it */
};

/* Code points: the first one, and one past the last. */
struct jieba_range {
    size_t begin, end;
};

/* At the begin of the text. */
static inline struct jieba_cursor jieba_cursor_of(struct str text)
{
    return (struct jieba_cursor){text.at, 0};
}

/* The code points between two places of valid UTF-8. */
static inline size_t jieba_count(const char *at, const char *end)
{
    size_t n = 0;
    for (; at < end; at++)
        n += ((unsigned char)*at & 0xC0) != 0x80;
    return n;
}

/* Move to a word, which is a run of bytes in the text, forwards or back; its range. Words that come
 * in the order of jieba_cut(), or jieba_tag(), cost as much as they are long. */
static inline struct jieba_range jieba_cursor_move(struct jieba_cursor *cursor, struct str word)
{
    if (word.at >= cursor->at)
        cursor->n += jieba_count(cursor->at, word.at);
    else
        cursor->n -= jieba_count(word.at, cursor->at);
    cursor->at = word.at;
    return (struct jieba_range){cursor->n, cursor->n + jieba_count(word.at, word.at + word.len)};
}

#endif
