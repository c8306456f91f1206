/*
 * url: percent-encoding, and the query string as a list of parameters.
 */
#ifndef UTIL_URL_H
#define UTIL_URL_H

#include "util/buf.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Parameters in one request at most; more are refused. */
#define URL_MAX_PARAMS 1000

struct url_param {
    struct str name, value; /* decoded; borrowed from whoever filled the list */
};

/*
 * The parameters of one request, in the order in which they came. Kept between requests: fill with
 * url_parse_query() or url_add_param(), empty with url_params_reset(). A zeroed struct is empty.
 */
struct url_params {
    struct url_param *at;
    size_t n, cap;
    struct buf
        text; /* the decoded text that url_parse_query() made; names and values point into it */
};

/* Append `in` to `out` with each %XX replaced by its byte, once, and with '+' as a space where
 * `plus_is_space`. Returns 0, or -1 with a reason where a '%' is not followed by two hexadecimal
 * digits or memory ran out. */
int url_decode(struct str in, bool plus_is_space, struct buf *out, struct err *err);

/* Decode a query string (application/x-www-form-urlencoded, as the URL standard of WHATWG splits
 * it: pairs by '&', name from value by the first '='; empty pairs are skipped) and append its
 * parameters. They stay valid until the next reset. To be called once a request. Returns 0 or -1
 * with a reason. */
int url_parse_query(struct url_params *params, struct str raw, struct err *err);

/* Append one parameter that is decoded already; name and value are borrowed. 0 or -1 with a reason.
 */
int url_add_param(struct url_params *params, struct str name, struct str value, struct err *err);

/* The value of the last parameter of this name, or NULL where there is none. */
const struct str *url_param(const struct url_params *params, const char *name);

/* Forget the parameters; memory is kept. */
void url_params_reset(struct url_params *params);

void url_params_free(struct url_params *params);

#endif
