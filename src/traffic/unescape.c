#include "traffic/unescape.h"

#include <stdint.h>

/* Read the `n` hexadecimal digits at the beginning of a text. Returns false where they are missing. */
static bool read_hex(struct str text, size_t n, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit = i < text.len && text.at[i] ? strchr(digits, text.at[i]) : NULL;
        if (!digit)
            return false;
        size_t found = (size_t)(digit - digits);
        *value = *value * 16 + (uint32_t)(found < 16 ? found : found - 6);
    }
    return true;
}

/* Write a character of at most 16 bits in UTF-8. Returns its end. */
static char *write_character(uint32_t code, char *to)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
    } else {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (code & 0x3F));
    return to;
}

/* Undo the escape at the beginning of `*rest`, a backslash and a character at least, and cut it off.
 * Returns the end of what was written, which is not longer. */
static char *undo(struct str *rest, char *to)
{
    uint32_t code;
    char c = rest->at[1];
    struct str behind = {rest->at + 2, rest->len - 2};
    size_t digits = c == 'u' ? 4 : c == 'x' ? 2 : 0;
    if (digits && read_hex(behind, digits, &code) && (code < 0xD800 || code > 0xDFFF)) {
        *rest = (struct str){behind.at + digits, behind.len - digits};
        if (digits == 4)
            return write_character(code, to);
        *to++ = (char)code;
        return to;
    }
    const char *name = c ? strchr("b\bf\fn\nr\rt\t", c) : NULL;
    *to++ = digits ? '\\' : name && (unsigned char)c > ' ' ? name[1] : c;
    *rest = digits ? (struct str){rest->at + 1, rest->len - 1} : behind;
    return to;
}

struct str unescape(struct str text, char *room)
{
    if (text.len == 0 || !memchr(text.at, '\\', text.len))
        return text;
    char *to = room;
    while (text.len > 0) {
        if (text.at[0] == '\\' && text.len > 1) {
            to = undo(&text, to);
            continue;
        }
        *to++ = text.at[0];
        text = (struct str){text.at + 1, text.len - 1};
    }
    return (struct str){room, (size_t)(to - room)};
}
