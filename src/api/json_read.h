/*
 * json_read: reads a JSON text with Jansson, which makes a tree of it. Refuses a text with too many
 * values before Jansson takes memory for them.
 */
#ifndef API_JSON_READ_H
#define API_JSON_READ_H

#include "util/err.h"
#include "util/str.h"

#include <jansson.h>

enum json_fault {
    JSON_FINE,
    JSON_INVALID,         /* The text is not JSON. */
    JSON_INCOMPLETE,      /* It ends too early. */
    JSON_TOO_DEEP,        /* Its arrays and objects are nested too deep. */
    JSON_LARGE_NUMBER,    /* It has a number beyond the largest double. */
    JSON_INVALID_UTF8,    /* It is not UTF-8. */
    JSON_TOO_MANY_VALUES, /* It has too many values. */
    JSON_NO_MEMORY,
};

/* Where a text is not JSON: the line and the column, in characters, of what Jansson read last. The first
 * line is 1. */
struct json_place {
    size_t line, column;
};

/*
 * Read a text of at most `max_values` values; those in members that nothing reads count, too, since
 * each takes memory. Numbers become reals, so that an integer may be of any size, and strings may
 * contain U+0000. Arrays and objects may be nested 2,048 deep. A byte order mark is skipped.
 *
 * Returns JSON_FINE and sets `*root`, owned by the caller; or another fault with a reason that
 * quotes nothing of the text. Where the text is not JSON, the reason names the place, and `*place` is
 * set.
 */
enum json_fault json_read(struct str text, unsigned max_values, json_t **root,
                          struct json_place *place, struct err *err);

/* Return the text of a JSON string, borrowed from it; the empty text of any other value. */
static inline struct str json_read_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

#endif
