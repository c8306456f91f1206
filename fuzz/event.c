/*
 * event: feeds bytes as the JSON of an event to proxy_answer(). It must give either a response,
 * which is JSON with a valid status and a body that belongs to it, or the type of an error. An event of
 * an odd number of bytes has a response of a few thousand bytes at most; larger ones must become a 413.
 */
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"
#include "lambda/proxy.h"
#include "lambda/proxy_response.h"

#include <jansson.h>

#define SMALL 16384

static bool is_small; /* Whether the response is limited to SMALL bytes. */

size_t __real_proxy_response_limit(enum proxy_shape shape);
size_t __wrap_proxy_response_limit(enum proxy_shape shape);

/* The most bytes of a response, as proxy_answer() sees it. */
size_t __wrap_proxy_response_limit(enum proxy_shape shape)
{
    return is_small ? 0 : __real_proxy_response_limit(shape);
}

static void check_response(struct str text)
{
    json_t *json = json_loadb(text.at, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    json_t *body = json_object_get(json, "body");
    HOLDS(json_is_string(body));
    json_int_t status = json_integer_value(json_object_get(json, "statusCode"));
    struct str text_of_body = {json_string_value(body), json_string_length(body)};
    answer_check((int)status, text_of_body, text_of_body.len == 0);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    struct proxy_answer answer = {0};
    struct proxy *proxy = proxy_new("/v1");
    is_small = size % 2;
    int status = proxy_answer(proxy, answer_api(), fuzz_text(data, size), &answer, &err);
    HOLDS(!is_small || answer.json.len <= SMALL);
    if (answer.json.len > 0)
        check_response(answer.json);
    else
        HOLDS(status && answer.type && *err.text);
    proxy_free(proxy);
    return 0;
}
