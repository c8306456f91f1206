/*
 * offsets: where words stand in their text, counted in code points, as jieba's tokenize() has it.
 */
#ifndef SEGMENTER_OFFSETS_H
#define SEGMENTER_OFFSETS_H

#include "util/str.h"

/* A place in a text that is walked through, from word to word. */
struct text_cursor {
    const char *at;
    size_t n; /* code points before it */
};

/* Code points: the first one, and one past the last. */
struct char_range {
    size_t begin, end;
};

/* At the begin of the text. */
static inline struct text_cursor text_cursor_begin(struct str text)
{
    return (struct text_cursor){text.at, 0};
}

/* The code points between two places of valid UTF-8. */
static inline size_t char_count(const char *at, const char *end)
{
    size_t n = 0;
    for (; at < end; at++)
        n += ((unsigned char)*at & 0xC0) != 0x80;
    return n;
}

/* Move to a word, which is a run of bytes in the text, forwards or back; its range. Words that come
 * in the order of segmenter_cut(), or segmenter_tag(), cost as much as they are long. */
static inline struct char_range text_cursor_move(struct text_cursor *cursor, struct str word)
{
    if (word.at >= cursor->at)
        cursor->n += char_count(cursor->at, word.at);
    else
        cursor->n -= char_count(word.at, cursor->at);
    cursor->at = word.at;
    return (struct char_range){cursor->n, cursor->n + char_count(word.at, word.at + word.len)};
}

#endif
