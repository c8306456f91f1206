#include "util/base64.h"

#include <stdint.h>

#define PADDING (-2)

/* Return the six bits that a character stands for, PADDING for '=', or -1 for another character. */
static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    if (c == '/')
        return 63;
    return c == '=' ? PADDING : -1;
}

/* Decode four characters into at most three bytes at `to`. Only the last four characters of a text
 * may be padded. Returns the number of bytes, or 0 where the characters are invalid. */
static size_t decode_four(const char *four, bool last, char *to)
{
    int v[4];
    for (int i = 0; i < 4; i++)
        v[i] = digit_value(four[i]);
    size_t padding = v[3] != PADDING ? 0 : v[2] != PADDING ? 1 : 2;
    if (v[0] < 0 || v[1] < 0 || (padding < 2 && v[2] < 0) || v[3] == -1 || (padding > 0 && !last))
        return 0;
    uint32_t bits = (uint32_t)v[0] << 18 | (uint32_t)v[1] << 12;
    bits |= padding < 2 ? (uint32_t)v[2] << 6 : 0;
    bits |= padding < 1 ? (uint32_t)v[3] : 0;
    to[0] = (char)(bits >> 16 & 0xFF);
    to[1] = (char)(bits >> 8 & 0xFF);
    to[2] = (char)(bits & 0xFF);
    return 3 - padding;
}

int base64_decode(struct str in, struct buf *out, struct err *err)
{
    if (in.len % 4 != 0)
        return err_set(err, "invalid base64: its length of %zu is not a multiple of 4", in.len);
    char *to = buf_reserve(out, in.len / 4 * 3);
    if (!to)
        return err_set(err, "out of memory while decoding %zu bytes", in.len);
    size_t len = 0;
    for (size_t i = 0; i < in.len; i += 4) {
        size_t n = decode_four(in.at + i, i + 4 == in.len, to + len);
        if (n == 0)
            return err_set(err, "invalid base64 at character %zu", i + 1);
        len += n;
    }
    out->len += len;
    return 0;
}

void base64_encode(struct str in, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *to = buf_reserve(out, (in.len + 2) / 3 * 4);
    if (!to)
        return;
    out->len += (in.len + 2) / 3 * 4;
    for (size_t i = 0; i < in.len; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < in.len ? (unsigned char)in.at[i + k] : 0);
        for (int k = 0; k < 4; k++)
            *to++ = digits[bits >> (18 - 6 * k) & 63];
        for (size_t k = in.len - i; k < 3; k++)
            to[(ptrdiff_t)k - 3] = '=';
    }
}
