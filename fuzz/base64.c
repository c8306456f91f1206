/*
 * base64: fuzzes decoding. The result must have the length that the padding says, and each of its
 * bytes must encode to the same text, except for the spare bits before the padding.
 */
#include "util/base64.h"
#include "fuzz/fuzz.h"

static void check_four(const char *four, const unsigned char *three, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    HOLDS(digits[three[0] >> 2] == four[0]);
    if (n > 1)
        HOLDS(digits[(three[0] & 3) << 4 | three[1] >> 4] == four[1]);
    if (n > 2)
        HOLDS(digits[(three[1] & 15) << 2 | three[2] >> 6] == four[2] &&
              digits[three[2] & 63] == four[3]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf out;
    struct err err;
    struct str text = fuzz_text(data, size);
    buf_reset(&out);
    if (base64_decode(text, &out, &err)) {
        HOLDS(out.len == 0);
        return 0;
    }
    size_t padding = size && data[size - 1] == '=' ? data[size - 2] == '=' ? 2 : 1 : 0;
    HOLDS(size % 4 == 0 && out.len == size / 4 * 3 - padding);
    for (size_t i = 0; i < size / 4; i++) {
        size_t left = out.len - 3 * i;
        check_four(text.at + 4 * i, (unsigned char *)out.at + 3 * i, left < 3 ? left : 3);
    }
    return 0;
}
