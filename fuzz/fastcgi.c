/*
 * fastcgi: any bytes as what the server in front sends on one connection. The first one says in how
 * large reads they come. What goes back is FastCGI.
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
