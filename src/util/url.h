/*
 * url: decodes percent-encoding, and parses query strings.
 */
#ifndef UTIL_URL_H
#define UTIL_URL_H

#include "util/buf.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>

/* The largest number of parameters in a request. */
#define URL_MAX_PARAMS 1000

struct url_param {
    struct str name, value; /* The decoded texts, borrowed from the caller that filled the list. */
};

/*
 * The parameters of one request, in their order. url_parse_query() and url_add_param() fill the
 * list; url_params_reset() empties it for the next request. A zeroed struct is empty.
 */
struct url_params {
    struct url_param *at;
    size_t n, cap;

    /* The text that url_parse_query() has decoded. Names and values point into it. */
    struct buf text;
};

/* What is wrong with a query string. */
enum url_fault {
    URL_FINE,
    URL_BAD_ESCAPE, /* Two hexadecimal digits do not follow a '%'. */
    URL_TOO_MANY,   /* It has more than URL_MAX_PARAMS parameters. */
    URL_NO_MEMORY,
};

/* Append `in` to `out`, with each %XX replaced once by its byte and, if `plus_is_space`, each '+'
 * by a space. Returns 0, or -1 with a reason where two hexadecimal digits do not follow a '%', or
 * where memory runs out. */
int url_decode(struct str in, bool plus_is_space, struct buf *out, struct err *err);

/*
 * Parse a query string, and append its parameters, which are valid until the next reset. Call it at
 * most once between two resets.
 *
 * The format is application/x-www-form-urlencoded, as the URL standard of WHATWG defines it: '&'
 * separates pairs, the first '=' separates name and value, and empty pairs are skipped. Returns
 * URL_FINE, which is 0, or a fault with a reason.
 */
enum url_fault url_parse_query(struct url_params *params, struct str raw, struct err *err);

/* Append a parameter that is already decoded. Borrows name and value. Returns URL_FINE, which is 0, or
 * a fault with a reason. */
enum url_fault url_add_param(struct url_params *params, struct str name, struct str value,
                             struct err *err);

/* Return the value of the last parameter with this name, or NULL where there is none. */
static inline const struct str *url_param(const struct url_params *params, const char *name)
{
    struct str wanted = str_of(name);
    for (size_t i = params->n; i > 0; i--) {
        if (str_eq(params->at[i - 1].name, wanted))
            return &params->at[i - 1].value;
    }
    return NULL;
}

/* Remove all parameters. Keeps the memory. */
void url_params_reset(struct url_params *params);

/* Free the memory. The list is then empty. */
void url_params_free(struct url_params *params);

#endif
