/*
 * fastcgi: feeds the bytes to a worker as if a web server had sent them on one connection, and
 * checks that the response is FastCGI. The first byte sets the size of the worker's reads.
 */
#include "fuzz/fuzz.h"
#include "fuzz/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf out;
    struct str input = fuzz_text(data, size);
    size_t step = 1 + (size_t)fuzz_byte(&input) * 16;
    buf_reset(&out);
    wire_output(wire_serve(input, step), &out);
    return 0;
}
