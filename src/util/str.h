/*
 * str: a borrowed run of bytes with its length. It does not end with a NUL.
 */
#ifndef UTIL_STR_H
#define UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* White space within a line of HTTP (RFC 9110, OWS), for str_trim(). */
#define STR_BLANKS " \t"

/* All white space of ASCII, for str_trim(). */
#define STR_SPACES " \t\n\v\f\r"

struct str {
    const char *at; /* The first byte, borrowed; never NULL where len > 0. */
    size_t len;     /* The number of bytes. */
};

/* The bytes of a C string, borrowed; NULL gives the empty run. */
static inline struct str str_of(const char *text)
{
    return (struct str){text ? text : "", text ? strlen(text) : 0};
}

/* Whether two runs have the same bytes. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Compare two runs byte by byte; of two that begin alike, the shorter one comes first. Returns a number
 * below 0, 0, or one above. */
static inline int str_compare(struct str a, struct str b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Whether `a` is the C string `text`, byte for byte. */
static inline bool str_is(struct str a, const char *text)
{
    return str_eq(a, str_of(text));
}

/* Whether `a` is the C string `text`, where an ASCII letter equals its other case. */
static inline bool str_is_nocase(struct str a, const char *text)
{
    return a.len == strlen(text) && (a.len == 0 || strncasecmp(a.at, text, a.len) == 0);
}

/* Return `text` without the characters of `set` at its beginning and at its end. */
static inline struct str str_trim(struct str text, const char *set)
{
    size_t n = strlen(set);
    while (text.len > 0 && memchr(set, text.at[0], n))
        text = (struct str){text.at + 1, text.len - 1};
    while (text.len > 0 && memchr(set, text.at[text.len - 1], n))
        text.len--;
    return text;
}

/* Cut the part before the first `separator` off the front of `*rest`, and the separator with it.
 * Without a separator, the part is all of `*rest`. Returns the part. */
static inline struct str str_cut(struct str *rest, char separator)
{
    const char *end = rest->len > 0 ? memchr(rest->at, separator, rest->len) : NULL;
    struct str part = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t used = end ? part.len + 1 : part.len;
    *rest = used > 0 ? (struct str){rest->at + used, rest->len - used} : *rest;
    return part;
}

#endif
