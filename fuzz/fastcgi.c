/*
 * fastcgi: feeds the bytes to a worker as if a web server had sent them on one connection, and checks the
 * responses. The first byte sets the size of the worker's reads and, where it is odd, after how many bytes
 * the web server closes the connection.
 */
#include "fuzz/fuzz.h"
#include "fuzz/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf out;
    struct str input = fuzz_text(data, size);
    size_t first = fuzz_byte(&input);
    buf_reset(&out);
    wire_serve(input, 1 + first * 16, first % 2 ? first * 64 : SIZE_MAX);
    wire_check(&out);
    return 0;
}
