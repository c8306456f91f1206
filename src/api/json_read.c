#include "api/json_read.h"

#include <stdbool.h>

/* Whether the array or object that opens at `i` is empty. */
static bool is_empty(struct str text, size_t i)
{
    while (++i < text.len && memchr(STR_SPACES, text.at[i], strlen(STR_SPACES)))
        ;
    return i < text.len && (text.at[i] == ']' || text.at[i] == '}');
}

/* Count the values of a JSON text. For an invalid text, return at least as many as Jansson reads
 * before it finds the fault. */
static size_t count_values(struct str text)
{
    size_t n = 1;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"')
            in_string = !in_string;
        else if (in_string)
            i += c == '\\';
        else if (c == ',')
            n++;
        else if (c == '[' || c == '{')
            n += !is_empty(text, i);
    }
    return n;
}

/* Return the fault that Jansson has found. The reason leaves out the part of the text that Jansson
 * quotes. */
static enum json_fault describe_fault(json_error_t *error, struct json_place *place,
                                      struct err *err)
{
    if (*error->text == '\0') {
        err_set(err, "out of memory while reading JSON");
        return JSON_NO_MEMORY;
    }
    char *near = strstr(error->text, " near '");
    if (near)
        *near = '\0';
    *place = (struct json_place){(size_t)error->line, (size_t)error->column};
    err_set(err, "%s (line %zu, column %zu)", error->text, place->line, place->column);
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        return JSON_INVALID_UTF8;
    case json_error_premature_end_of_input:
        return JSON_INCOMPLETE;
    case json_error_stack_overflow:
        return JSON_TOO_DEEP;
    case json_error_numeric_overflow:
        return JSON_LARGE_NUMBER;
    default:
        return JSON_INVALID;
    }
}

/* Return a text without the byte order mark that some editors write at its beginning. */
static struct str skip_mark(struct str text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t len = strlen(mark);
    bool has_mark = text.len >= len && !memcmp(text.at, mark, len);
    return has_mark ? (struct str){text.at + len, text.len - len} : text;
}

enum json_fault json_read(struct str text, unsigned max_values, json_t **root,
                          struct json_place *place, struct err *err)
{
    json_error_t error;
    if (count_values(text) > max_values) {
        err_set(err, "more than %u values", max_values);
        return JSON_TOO_MANY_VALUES;
    }
    text = skip_mark(text);
    *root = json_loadb(text.len ? text.at : "", text.len,
                       JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    return *root ? JSON_FINE : describe_fault(&error, place, err);
}
