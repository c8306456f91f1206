/*
 * utf8: decodes UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, no code point above
 * U+10FFFF.
 */
#ifndef UTIL_UTF8_H
#define UTIL_UTF8_H

#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode the first code point of the `len` bytes at `at`, len >= 1. Sets `*code`, and returns the
 * number of its bytes, 1 to 4. Returns 0 where the bytes are not valid UTF-8. */
static inline size_t utf8_read(const char *at, size_t len, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)at;
    if (s[0] < 0x80) {
        *code = s[0];
        return 1;
    }
    if (len >= 3 && (s[0] & 0xF0) == 0xE0) {
        *code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        if ((s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 || *code < 0x800 ||
            (*code >= 0xD800 && *code <= 0xDFFF))
            return 0;
        return 3;
    }
    if (len >= 2 && (s[0] & 0xE0) == 0xC0) {
        *code = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
        return (s[1] & 0xC0) == 0x80 && *code >= 0x80 ? 2 : 0;
    }
    if (len >= 4 && (s[0] & 0xF8) == 0xF0) {
        *code = (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
        if ((s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 || (s[3] & 0xC0) != 0x80 ||
            *code < 0x10000 || *code > 0x10FFFF)
            return 0;
        return 4;
    }
    return 0;
}

/* Return the number of bytes at the beginning of a text, up to all of them, that are valid UTF-8. */
static inline size_t utf8_valid_length(struct str text)
{
    uint32_t code;
    size_t i = 0;
    for (size_t len; i < text.len; i += len) {
        len = utf8_read(text.at + i, text.len - i, &code);
        if (len == 0)
            break;
    }
    return i;
}

/* Return whether a text is valid UTF-8. */
static inline bool utf8_is_valid(struct str text)
{
    return utf8_valid_length(text) == text.len;
}

#endif
