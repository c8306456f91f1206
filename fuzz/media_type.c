/*
 * media_type: fuzzes reading the Content-Type header. No header may name two media types.
 */
#include "api/media_type.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str header = fuzz_text(data, size);
    bool json = media_type_is(header, "application/json");
    HOLDS(!json || !media_type_is(header, "text/plain"));
    HOLDS(!json || size >= strlen("application/json"));
    return 0;
}
