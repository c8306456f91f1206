#include "api/json.h"

#include <stdbool.h>

/* The longest escape, \u001f, in bytes. */
#define LONGEST_ESCAPE 6

/* Bytes of text that are escaped at once: a long text is escaped piece by piece, so that reserving
 * room for the worst case stays cheap. */
#define PIECE 1024

/* The character behind the backslash of an escape: 'u' for one like \u001f, 0 for a character that
 * needs no escape. */
static const char escapes[256] = {
    ['\b'] = 'b',  ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"',
    ['\\'] = '\\', [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u',
    [0x05] = 'u',  [0x06] = 'u', [0x07] = 'u', [0x0b] = 'u', [0x0e] = 'u', [0x0f] = 'u',
    [0x10] = 'u',  [0x11] = 'u', [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u',
    [0x16] = 'u',  [0x17] = 'u', [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u',
    [0x1c] = 'u',  [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
};

/* Do the same as buf_reserve(), but without a call where there is room already. */
static inline char *reserve_fast(struct buf *out, size_t more)
{
    if (out->at && !out->failed && out->cap - out->len >= more)
        return out->at + out->len;
    return buf_reserve(out, more);
}

static char *put_escape(char *to, unsigned char c)
{
    *to++ = '\\';
    *to++ = escapes[c];
    if (escapes[c] == 'u') {
        *to++ = '0';
        *to++ = '0';
        *to++ = (char)('0' + (c >> 4));
        *to++ = "0123456789abcdef"[c & 15];
    }
    return to;
}

/* Write the escaped text at `to`, which has room for the worst case. Returns the end of it. */
static inline char *put_text(char *to, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (escapes[c])
            to = put_escape(to, c);
        else
            *to++ = (char)c;
    }
    return to;
}

static void add_long_string(struct buf *out, struct str text)
{
    buf_add_char(out, '"');
    for (size_t begin = 0; begin < text.len; begin += PIECE) {
        size_t left = text.len - begin;
        size_t len = left < PIECE ? left : PIECE;
        char *to = reserve_fast(out, len * LONGEST_ESCAPE);
        if (!to)
            return;
        out->len += (size_t)(put_text(to, (struct str){text.at + begin, len}) - to);
    }
    buf_add_char(out, '"');
}

/* Append a string, after ", " where `separate`. Words are short and many, so a short string takes
 * one check for room and no function call. */
static inline void add_string(struct buf *out, struct str text, bool separate)
{
    if (text.len > PIECE) {
        if (separate)
            buf_add_text(out, ", ");
        add_long_string(out, text);
        return;
    }
    char *begin = reserve_fast(out, text.len * LONGEST_ESCAPE + 4);
    if (!begin)
        return;
    char *to = begin;
    if (separate) {
        *to++ = ',';
        *to++ = ' ';
    }
    *to++ = '"';
    to = put_text(to, text);
    *to++ = '"';
    out->len += (size_t)(to - begin);
}

void json_add_string(struct buf *out, struct str text)
{
    add_string(out, text, false);
}

void json_add_strings(struct buf *out, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_string(out, texts[i], i > 0);
}
