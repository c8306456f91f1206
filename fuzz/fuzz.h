/*
 * fuzz: what the fuzz targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput(), which libFuzzer calls with one input after
 * the other. ASan and UBSan watch memory; HOLDS() states what else must be true of any input.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the process, with the condition and its place on stderr, unless it is true. */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

void fuzz_broken(const char *condition, const char *file, int line) __attribute__((noreturn));

/* The input as text. */
static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
    return (struct str){(const char *)data, size};
}

/* Cut the byte in front off the input; 0 at its end. */
unsigned char fuzz_byte(struct str *input);

/* Cut what stands before the next NUL, or all of it, off the front of the input. */
struct str fuzz_field(struct str *input);

/* Whether the text is UTF-8. */
int fuzz_is_utf8(struct str text);

#endif
