/*
 * base64: RFC 4648 section 4.
 */
#ifndef UTIL_BASE64_H
#define UTIL_BASE64_H

#include "util/buf.h"
#include "util/err.h"

/* Append what `in` encodes to `out`. Padding is required, white space and other characters are
 * refused. Returns 0 or -1 with a reason. */
int base64_decode(struct str in, struct buf *out, struct err *err);

/* Append `in`, encoded and padded. */
void base64_encode(struct str in, struct buf *out);

#endif
