#include "fuzz/fuzz.h"

#include "util/scale.h"
#include "util/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef SMALL_SCALE
const struct scale scale = {.piece = 64, .is_eager = true, .short_text = 32};
#endif

void fuzz_broken(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

unsigned char fuzz_byte(struct str *input)
{
    if (input->len == 0)
        return 0;
    unsigned char byte = (unsigned char)*input->at;
    *input = (struct str){input->at + 1, input->len - 1};
    return byte;
}

struct str fuzz_field(struct str *input)
{
    const char *end = input->len ? memchr(input->at, '\0', input->len) : NULL;
    struct str field = {input->at, end ? (size_t)(end - input->at) : input->len};
    size_t used = field.len + (end ? 1 : 0);
    *input = (struct str){input->at + used, input->len - used};
    return field;
}

int fuzz_is_utf8(struct str text)
{
    uint32_t code;
    for (size_t i = 0, n; i < text.len; i += n) {
        n = utf8_read(text.at + i, text.len - i, &code);
        if (n == 0)
            return 0;
    }
    return 1;
}
