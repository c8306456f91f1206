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

/* The longest word, in bytes, that json_add_words() copies in one step; longer words are rare. */
#define JSON_STEP 16

/* A text whose words are written. JSON_STEP bytes can be read wherever a word begins: near the end of
 * the text from `tail`, a copy of its last bytes with zeros behind them. */
struct json_source {
    struct str text;          /* The text, borrowed. */
    bool is_plain;            /* Whether nothing in the text needs an escape. */
    size_t tail_begin;        /* The offset in the text from which words are read in `tail`. */
    char tail[2 * JSON_STEP]; /* The last bytes of the text, then zeros. */
};

/* Prepare a text, which must outlive `source`, for json_add_words(). */
void json_source_begin(struct json_source *source, struct str text);

/* Do the same as json_add_strings(), faster for words that are short runs of the bytes of `source`. */
void json_add_words(struct buf *out, const struct json_source *source, const struct str *words,
                    size_t n);

/* Append "[first, second]", after ", " where `separate`. */
void json_add_pair(struct buf *out, bool separate, uint32_t first, uint32_t second);

#endif
