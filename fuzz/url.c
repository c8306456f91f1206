/*
 * url: fuzzes percent-decoding and parsing query strings. Decoding never makes a text longer. All
 * parameters lie within the decoded text, and url_param() finds the last one of a name.
 */
#include "util/url.h"
#include "fuzz/fuzz.h"

static void check_decode(struct str text, struct buf *out)
{
    struct err err;
    buf_reset(out);
    int status = url_decode(text, true, out, &err);
    HOLDS(status ? out->len == 0 : out->len <= text.len);
    buf_reset(out);
    HOLDS(url_decode(text, false, out, &err) == status);
    bool plain = !text.len || (!memchr(text.at, '%', text.len) && !status);
    HOLDS(!plain || str_eq(buf_str(out), text));
}

static void check_params(const struct url_params *params)
{
    HOLDS(params->n <= URL_MAX_PARAMS);
    const char *at = params->text.at;
    for (size_t i = 0; i < params->n; i++) {
        struct str name = params->at[i].name, value = params->at[i].value;
        HOLDS(name.at == at && value.at == name.at + name.len);
        at = value.at + value.len;
    }
    HOLDS(params->n == 0 || at <= params->text.at + params->text.len);
}

static void check_last(const struct url_params *params)
{
    static const char *const names[] = {"text", "num1", "operator", "", "a"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct str *found = url_param(params, names[i]), *last = NULL;
        for (size_t k = 0; k < params->n; k++)
            last = str_is(params->at[k].name, names[i]) ? &params->at[k].value : last;
        HOLDS(found == last);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf out;
    static struct url_params params;
    struct err err;
    struct str text = fuzz_text(data, size);
    check_decode(text, &out);
    url_params_reset(&params);
    url_parse_query(&params, text, &err);
    check_params(&params);
    check_last(&params);
    return 0;
}
