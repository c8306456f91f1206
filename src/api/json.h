/*
 * json: writing JSON text. Reading is Jansson's.
 */
#ifndef API_JSON_H
#define API_JSON_H

#include "util/buf.h"

#include <stddef.h>

/* Append `text`, which is UTF-8, as a quoted JSON string, escaped as Python's json.dumps() does it
 * with ensure_ascii=False: only '"', '\' and the characters below U+0020 are. */
void json_add_string(struct buf *out, struct str text);

/* Append `n` such strings with ", " between them. */
void json_add_strings(struct buf *out, const struct str *texts, size_t n);

#endif
