/*
 * str: a borrowed run of bytes, with its length, not ended by NUL.
 */
#ifndef UTIL_STR_H
#define UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *at; /* never NULL where len > 0 */
    size_t len;     /* bytes */
};

/* The bytes of a C string, borrowed; NULL gives the empty run. */
static inline struct str str_of(const char *text)
{
    return (struct str){text ? text : "", text ? strlen(text) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Whether `a` is the C string `text`, byte for byte. */
static inline bool str_is(struct str a, const char *text)
{
    return str_eq(a, str_of(text));
}

#endif
