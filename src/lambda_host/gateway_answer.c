#include "lambda_host/gateway.h"

#include "util/aws_limits.h"
#include "util/base64.h"
#include "util/http_status.h"

#include <event2/buffer.h>
#include <jansson.h>
#include <stdio.h>
#include <strings.h>

int gateway_parse_payload(const char *name, enum payload *payload, struct err *err)
{
    static const char *const names[] = {
        [PAYLOAD_2] = "2.0", [PAYLOAD_1] = "1.0", [PAYLOAD_ALB] = "alb"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(name, names[i])) {
            *payload = (enum payload)i;
            return 0;
        }
    }
    return err_set(err, "invalid payload format '%.20s': use 2.0, 1.0 or alb", name);
}

/* Send a status with its reason phrase in http_status.h; without one there, with libevent's. */
static void send_reply(struct evhttp_request *request, int status)
{
    const char *reason = http_status_reason(status);
    evhttp_send_reply(request, status, *reason ? reason : NULL, NULL);
}

void gateway_refuse(enum payload payload, struct evhttp_request *request, int status)
{
    struct evbuffer *out = evhttp_request_get_output_buffer(request);
    bool alb = payload == PAYLOAD_ALB;
    /* API Gateway's own words for 413. */
    const char *message = status == 413 && !alb ? "Request Too Long" : http_status_reason(status);
    evhttp_clear_headers(evhttp_request_get_output_headers(request));
    evbuffer_drain(out, evbuffer_get_length(out));
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      alb ? "text/html" : "application/json");
    if (alb)
        evbuffer_add_printf(out, "<html><body><h1>%d %s</h1></body></html>\r\n", status, message);
    else
        evbuffer_add_printf(out, "{\"message\":\"%s\"}", message);
    send_reply(request, status);
}

/* The text of a header's value, written to `number` where it is a number; NULL where it has none. */
static const char *header_text(const json_t *value, char number[32])
{
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (!json_is_integer(value))
        return json_string_value(value);
    snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return number;
}

/* Add a header, except those that delimit the body, which the gateway sets itself. Returns false
 * where the value is not valid in HTTP. */
static bool add_header(struct evhttp_request *request, const char *name, const json_t *value)
{
    char number[32];
    const char *text = header_text(value, number);
    if (!text)
        return false;
    if (!strcasecmp(name, "Content-Length") || !strcasecmp(name, "Transfer-Encoding"))
        return true;
    return evhttp_add_header(evhttp_request_get_output_headers(request), name, text) == 0;
}

/* Add the headers of an object; NULL and null have none. Returns false where one is invalid. */
static bool add_headers(struct evhttp_request *request, const json_t *headers)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)headers, name, value)
    {
        if (!add_header(request, name, value))
            return false;
    }
    return !headers || json_is_object(headers) || json_is_null(headers);
}

/* Add the headers of an object whose values are arrays. Returns false where one is invalid. */
static bool add_multi_value_headers(struct evhttp_request *request, const json_t *headers)
{
    const char *name;
    const json_t *list;
    json_object_foreach((json_t *)headers, name, list)
    {
        for (size_t i = 0; i < json_array_size(list); i++) {
            if (!add_header(request, name, json_array_get(list, i)))
                return false;
        }
    }
    return true;
}

/* Add the cookies of an array. Returns false where one is invalid. */
static bool add_cookies(struct evhttp_request *request, const json_t *cookies)
{
    for (size_t i = 0; i < json_array_size(cookies); i++) {
        if (!add_header(request, "Set-Cookie", json_array_get(cookies, i)))
            return false;
    }
    return true;
}

/* Add the body of a response. Returns false where it is invalid. */
static bool add_body(struct evhttp_request *request, const json_t *response)
{
    struct evbuffer *out = evhttp_request_get_output_buffer(request);
    const json_t *body = json_object_get(response, "body");
    struct str text = {json_string_value(body), json_string_length(body)};
    if (!body || json_is_null(body))
        return true;
    if (!json_is_string(body))
        return false;
    if (!json_is_true(json_object_get(response, "isBase64Encoded")))
        return evbuffer_add(out, text.at, text.len) == 0;
    struct buf decoded = {0};
    struct err ignored;
    bool good =
        !base64_decode(text, &decoded, &ignored) && evbuffer_add(out, decoded.at, decoded.len) == 0;
    buf_free(&decoded);
    return good;
}

/* Add all headers of a response, in the forms that the payload has. Returns false where one is
 * invalid. */
static bool add_all_headers(enum payload payload, struct evhttp_request *request,
                            const json_t *response)
{
    if (!add_headers(request, json_object_get(response, "headers")))
        return false;
    if (payload == PAYLOAD_2)
        return add_cookies(request, json_object_get(response, "cookies"));
    return add_multi_value_headers(request, json_object_get(response, "multiValueHeaders"));
}

/* Answer with a response of the form {"statusCode": …}. Returns false, without an answer, where the
 * response is invalid. */
static bool send_response(enum payload payload, struct evhttp_request *request,
                          const json_t *response)
{
    json_int_t status = json_integer_value(json_object_get(response, "statusCode"));
    if (status < 200 || status > 599 || !add_all_headers(payload, request, response) ||
        !add_body(request, response))
        return false;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    if (!evhttp_find_header(headers, "Content-Type") && status != 204)
        evhttp_add_header(headers, "Content-Type",
                          payload == PAYLOAD_ALB ? "application/octet-stream"
                                                 : "text/plain; charset=utf-8");
    send_reply(request, (int)status);
    return true;
}

/* Answer with JSON of another form, which payload 2.0 accepts as the body of a 200. */
static void send_as_body(struct evhttp_request *request, struct str json)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    evbuffer_add(evhttp_request_get_output_buffer(request), json.at, json.len);
    send_reply(request, 200);
}

/* Parse a response. Returns NULL where it is not JSON or too large. */
static json_t *parse_response(enum payload payload, struct str response)
{
    if (payload == PAYLOAD_ALB && response.len > AWS_ALB_MAX_JSON)
        return NULL;
    return json_loadb(response.at, response.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
}

void gateway_answer(enum payload payload, struct evhttp_request *request, enum outcome outcome,
                    struct str response)
{
    int failure = payload == PAYLOAD_ALB ? 502 : 500;
    if (outcome == OUTCOME_THROTTLED)
        failure = 503;
    json_t *json = outcome == OUTCOME_RESPONSE ? parse_response(payload, response) : NULL;
    if (json && payload == PAYLOAD_2 && !json_object_get(json, "statusCode"))
        send_as_body(request, response);
    else if (!json || !send_response(payload, request, json))
        gateway_refuse(payload, request, failure);
    json_decref(json);
}
