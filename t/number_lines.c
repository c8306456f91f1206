/*
 * number_lines: reads and writes numbers for t/number.t, which compares the output with Python's.
 * Each line of input gives a line of output:
 *
 *   read HEX     read the text with these bytes; print the bits of the double in hexadecimal, or "-"
 *   print HEX    print the double with these bits as text
 */
#include "api/number.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/* Set `out` to the bytes that the hexadecimal digits of a line stand for. */
static void unhex(const char *hex, struct buf *out)
{
    unsigned int byte;
    for (buf_reset(out); sscanf(hex, "%2x", &byte) == 1; hex += 2)
        buf_add_char(out, (char)byte);
}

static void answer_read(const char *hex, struct buf *text)
{
    double value;
    uint64_t bits;
    struct err err;
    unhex(hex, text);
    if (number_parse(buf_str(text), &value, &err)) {
        puts("-");
        return;
    }
    memcpy(&bits, &value, sizeof bits);
    printf("%016" PRIx64 "\n", bits);
}

static void answer_print(const char *hex, struct buf *text)
{
    double value;
    uint64_t bits = 0;
    sscanf(hex, "%" SCNx64, &bits);
    memcpy(&value, &bits, sizeof value);
    buf_reset(text);
    number_print(text, value);
    printf("%.*s\n", (int)text->len, text->at);
}

int main(void)
{
    static char line[1 << 20];
    struct buf text = {0};
    while (fgets(line, sizeof line, stdin)) {
        if (!strncmp(line, "read ", 5))
            answer_read(line + 5, &text);
        else if (!strncmp(line, "print ", 6))
            answer_print(line + 6, &text);
    }
    buf_free(&text);
    return 0;
}
