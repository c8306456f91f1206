#include "probe/location.h"

#include "util/buf.h"

#include <ctype.h>
#include <stdbool.h>

/* Return what is behind the scheme of a URL and "://". */
static const char *authority_of(const char *url)
{
    const char *colon = strstr(url, "://");
    return colon ? colon + 3 : url;
}

/* Return the path of a URL, or its end. */
static const char *path_of(const char *url)
{
    const char *authority = authority_of(url);
    return authority + strcspn(authority, "/?#");
}

/* Whether a text begins with a scheme and a colon. */
static bool has_scheme(struct str text)
{
    size_t n = 0;
    while (n < text.len && (isalnum((unsigned char)text.at[n]) || memchr("+-.", text.at[n], 3)))
        n++;
    return n > 0 && n < text.len && text.at[n] == ':' && isalpha((unsigned char)text.at[0]);
}

/* Return how many bytes of a URL stay in front of a location. */
static size_t kept_length(const char *url, struct str location)
{
    const char *path = path_of(url), *end = path + strcspn(path, "?#"), *slash = end;
    if (has_scheme(location))
        return 0;
    if (location.len >= 2 && !memcmp(location.at, "//", 2))
        return (size_t)(authority_of(url) - url) - 2;
    if (location.len > 0 && location.at[0] == '/')
        return (size_t)(path - url);
    if (location.len > 0 && location.at[0] == '?')
        return (size_t)(end - url);
    if (location.len == 0)
        return (size_t)(path - url) + strcspn(path, "#");
    while (slash > path && slash[-1] != '/')
        slash--;
    return (size_t)(slash - url);
}

static void add_location(struct buf *out, struct str location)
{
    for (size_t i = 0; i < location.len; i++) {
        unsigned char c = (unsigned char)location.at[i];
        if (c <= ' ' || c >= 127)
            buf_print(out, "%%%02X", c);
        else
            buf_add_char(out, (char)c);
    }
}

char *location_resolve(const char *url, struct str location)
{
    struct buf out = {0};
    struct str rest = location;
    location = str_cut(&rest, '#');
    size_t kept = kept_length(url, location);
    buf_add(&out, url, kept);
    /* A relative path behind a host without a path. */
    if (kept > 0 && url + kept == path_of(url) && location.len > 0 &&
        !memchr("/?", *location.at, 2))
        buf_add_char(&out, '/');
    add_location(&out, location);
    buf_add_char(&out, '\0');
    if (!out.failed)
        return out.at;
    buf_free(&out);
    return NULL;
}

struct str location_host(const char *url)
{
    const char *begin = authority_of(url), *end = path_of(url);
    for (const char *at = begin; at < end; at++) {
        if (*at == '@')
            begin = at + 1;
    }
    size_t n = (size_t)(end - begin);
    const char *colon = n > 0 && *begin == '[' ? memchr(begin, ']', n) : memchr(begin, ':', n);
    if (colon)
        n = (size_t)(colon - begin) + (*begin == '[');
    return (struct str){begin, n};
}
