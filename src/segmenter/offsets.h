/*
 * offsets: computes the positions of words in their text in code points, as jieba's tokenize()
 * counts them.
 */
#ifndef SEGMENTER_OFFSETS_H
#define SEGMENTER_OFFSETS_H

#include "util/str.h"

/* A position in a text, moved from word to word. */
struct text_cursor {
    const char *at;
    size_t n; /* The number of code points before it. */
};

/* Code points [begin, end) of a text. */
struct char_range {
    size_t begin, end;
};

/* Return the position at the beginning of a text. */
static inline struct text_cursor text_cursor_begin(struct str text)
{
    return (struct text_cursor){text.at, 0};
}

/* Return the number of code points in [at, end), which is valid UTF-8. */
static inline size_t char_count(const char *at, const char *end)
{
    size_t n = 0;
    for (; at < end; at++)
        n += ((unsigned char)*at & 0xC0) != 0x80;
    return n;
}

/* Move to a word, a run of bytes of the text, forwards or back. Returns its code points. For
 * words in the order of segmenter_cut() or segmenter_tag(), the time is proportional to their
 * lengths. */
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
