/*
 * base64: the encoding of RFC 4648, section 4.
 */
#ifndef UTIL_BASE64_H
#define UTIL_BASE64_H

#include "util/buf.h"
#include "util/err.h"

/* Decode `in`, and append the bytes to `out`. Padding is required; white space and other characters
 * are errors. Returns 0, or -1 with a reason. */
int base64_decode(struct str in, struct buf *out, struct err *err);

/* Encode `in` with padding, and append the text to `out`. */
void base64_encode(struct str in, struct buf *out);

#endif
