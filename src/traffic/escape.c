#include "traffic/escape.h"

void escape_text(struct str text, char *out, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_plain = c >= ' ' && c <= '~';
        if (n + (is_plain ? 1 : 4) >= size)
            break;
        if (is_plain) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '\\';
        out[n++] = 'x';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    out[n] = '\0';
}
