/*
 * event: feeds bytes as the JSON of an event to proxy_answer(). It must give either a response,
 * which is JSON with a valid status and a body that belongs to it, or the type of an error.
 */
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"
#include "lambda/proxy.h"

#include <jansson.h>

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
    struct proxy *proxy = proxy_new();
    int status = proxy_answer(proxy, answer_api(), fuzz_text(data, size), &answer, &err);
    if (answer.json.len > 0)
        check_response(answer.json);
    else
        HOLDS(status && answer.type && *err.text);
    proxy_free(proxy);
    return 0;
}
