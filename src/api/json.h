/*
 * json: writes JSON text. To read JSON, use Jansson.
 */
#ifndef API_JSON_H
#define API_JSON_H

#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Append `text`, which must be valid UTF-8, as a quoted JSON string. Only '"', '\' and the characters
 * below U+0020 are escaped, as by Python's json.dumps() with ensure_ascii=False. */
void json_add_string(struct buf *out, struct str text);

/* Append `n` strings as by json_add_string(), with ", " between them. */
void json_add_strings(struct buf *out, const struct str *texts, size_t n);

/* Do the same for words of `text`: those that are runs of its bytes are copied faster. */
void json_add_words(struct buf *out, const struct str *words, size_t n, struct str text);

/* Append "[first, second]", after ", " where `separate`. */
void json_add_pair(struct buf *out, bool separate, uint32_t first, uint32_t second);

#endif
