/*
 * number: fuzzes reading a number. The result must be finite, and be written as a text that reads back
 * as the same number.
 */
#include "api/number.h"
#include "fuzz/fuzz.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf out;
    struct err err;
    double value, again;
    int status = number_parse(fuzz_text(data, size), &value, &err);
    HOLDS(status == 0 || status == 1);
    if (status)
        return 0;
    HOLDS(isfinite(value));
    buf_reset(&out);
    number_print(&out, value);
    HOLDS(out.len >= 3 && out.len <= 32 && !number_parse(buf_str(&out), &again, &err));
    HOLDS(memcmp(&value, &again, sizeof value) == 0);
    return 0;
}
