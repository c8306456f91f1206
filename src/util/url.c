#include "util/url.h"

#include <stdlib.h>

/* Return the value of a hexadecimal digit, or -1 for another character. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int url_decode(struct str in, bool plus_is_space, struct buf *out, struct err *err)
{
    char *to = buf_reserve(out, in.len);
    if (!to)
        return err_set(err, "out of memory while decoding %zu bytes", in.len);
    char *begin = to;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.at[i];
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < in.len ? hex_value(in.at[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(in.at[i + 2]);
            if (low < 0)
                return err_set(err, "Invalid percent-encoding");
            c = (char)(high * 16 + low);
            i += 2;
        }
        *to++ = c;
    }
    out->len += (size_t)(to - begin);
    return 0;
}

enum url_fault url_add_param(struct url_params *params, struct str name, struct str value,
                             struct err *err)
{
    if (params->n == URL_MAX_PARAMS) {
        err_set(err, "more than %d parameters", URL_MAX_PARAMS);
        return URL_TOO_MANY;
    }
    if (params->n == params->cap) {
        size_t cap = params->cap ? params->cap * 2 : 8;
        struct url_param *at = realloc(params->at, cap * sizeof *at);
        if (!at) {
            err_set(err, "out of memory for %zu parameters", cap);
            return URL_NO_MEMORY;
        }
        params->at = at;
        params->cap = cap;
    }
    params->at[params->n++] = (struct url_param){name, value};
    return URL_FINE;
}

/* Decode `in` at the end of the text of `params`, and set `*out` to it. The text must already have
 * room, since earlier parameters point into it. Returns 0, or -1 with a reason. */
static int decode_part(struct url_params *params, struct str in, struct str *out, struct err *err)
{
    size_t begin = params->text.len;
    if (url_decode(in, true, &params->text, err))
        return -1;
    *out = (struct str){params->text.at + begin, params->text.len - begin};
    return 0;
}

/* Parse "name=value" and append the parameter. Returns as url_parse_query(). */
static enum url_fault parse_pair(struct url_params *params, struct str pair, struct err *err)
{
    const char *equals = memchr(pair.at, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.at) : pair.len;
    size_t value_at = equals ? name_len + 1 : pair.len;
    struct str name, value;
    if (decode_part(params, (struct str){pair.at, name_len}, &name, err) ||
        decode_part(params, (struct str){pair.at + value_at, pair.len - value_at}, &value, err))
        return URL_BAD_ESCAPE;
    return url_add_param(params, name, value, err);
}

enum url_fault url_parse_query(struct url_params *params, struct str raw, struct err *err)
{
    /* Decoding never makes a text longer. So the text does not move from here on. */
    if (!buf_reserve(&params->text, raw.len)) {
        err_set(err, "out of memory for a query string of %zu bytes", raw.len);
        return URL_NO_MEMORY;
    }
    for (size_t begin = 0; begin < raw.len;) {
        const char *amp = memchr(raw.at + begin, '&', raw.len - begin);
        size_t end = amp ? (size_t)(amp - raw.at) : raw.len;
        enum url_fault fault = URL_FINE;
        if (end > begin)
            fault = parse_pair(params, (struct str){raw.at + begin, end - begin}, err);
        if (fault)
            return fault;
        begin = end + 1;
    }
    return URL_FINE;
}

void url_params_reset(struct url_params *params)
{
    params->n = 0;
    buf_reset(&params->text);
}

void url_params_free(struct url_params *params)
{
    free(params->at);
    buf_free(&params->text);
    *params = (struct url_params){0};
}
