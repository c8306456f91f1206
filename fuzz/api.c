/*
 * api: fuzzes the handlers through the table of routes. The input is three bytes, which choose method,
 * path and content type; then the query, a NUL, and the body.
 */
#include "api/route.h"
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"

static const char *const methods[] = {"GET", "POST", "HEAD", "OPTIONS", "PUT", ""};
static const char *const types[] = {"application/json", "text/plain", "Text/Plain; Charset=utf-8",
                                    "application/json;charset=latin1", ""};

#define PICK(list, byte) str_of((list)[(byte) % (sizeof(list) / sizeof *(list))])

/* Choose the path of a route, or one that no route has. */
static struct str pick_path(uint8_t byte)
{
    size_t n = 0;
    while (route_at(n))
        n++;
    const struct route *route = route_at(byte % (n + 1));
    return str_of(route ? route->path : "/segment/");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct url_params params;
    static struct proxy_response response;
    struct err err;
    struct str input = fuzz_text(data, size);
    struct proxy_event event = {.params = &params};
    event.method = PICK(methods, fuzz_byte(&input));
    event.path = pick_path(fuzz_byte(&input));
    event.content_type = PICK(types, fuzz_byte(&input));
    url_params_reset(&params);
    if (url_parse_query(&params, fuzz_field(&input), &err))
        event.fault = (struct proxy_fault){400, "Invalid percent-encoding"};
    event.body = input;
    HOLDS(
        !route_answer(answer_api(), route_find(answer_api(), event.path), &event, &response, &err));
    bool head = str_is(event.method, "HEAD");
    HOLDS(head || response.content_length == response.body.len);
    HOLDS(response.n_headers <= PROXY_MAX_HEADERS);
    for (size_t i = 0; i < response.n_headers; i++) {
        for (size_t k = 0; k < response.headers[i].value.len; k++)
            HOLDS((unsigned char)response.headers[i].value.at[k] >= ' ');
    }
    answer_check(response.status, buf_str(&response.body), head);
    return 0;
}
