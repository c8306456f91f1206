#include "lambda_host/gateway.h"

#include "util/base64.h"
#include "util/url.h"
#include "util/utf8.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/queue.h>
#include <time.h>

#define ACCOUNT "123456789012"

/* The parts of a request that an event is made of. */
struct parts {
    const char *method;
    const char *source; /* The IP address of the client. */
    const char *id;     /* The request id. */
    struct str path;    /* The path as sent. */
    struct str query;   /* The query string as sent. */
    struct evkeyvalq *headers;
    struct str body;
    struct buf decoded; /* The path, percent-decoded. */
    struct url_params params;
};

static const char *method_name(enum evhttp_cmd_type command)
{
    switch (command) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_POST:
        return "POST";
    case EVHTTP_REQ_HEAD:
        return "HEAD";
    case EVHTTP_REQ_PUT:
        return "PUT";
    case EVHTTP_REQ_DELETE:
        return "DELETE";
    case EVHTTP_REQ_OPTIONS:
        return "OPTIONS";
    default:
        return "PATCH";
    }
}

/* A JSON string, or NULL where the text is not valid UTF-8 or memory runs out. */
static json_t *text_of(struct str text)
{
    return json_stringn(text.len ? text.at : "", text.len);
}

/* The value of a header of the request, "" if it has none. */
static const char *header(const struct parts *parts, const char *name)
{
    const char *value = evhttp_find_header(parts->headers, name);
    return value ? value : "";
}

/* Set `key` to `value`; or, if it has a value, append `separator` and `value` to that. Returns 0, or
 * -1 where key or value is not valid UTF-8. */
static int set_joined(json_t *object, struct str key, struct str value, const char *separator)
{
    const json_t *before = json_object_getn(object, key.at, key.len);
    struct buf joined = {0};
    if (before) {
        buf_add(&joined, json_string_value(before), json_string_length(before));
        buf_add_text(&joined, separator);
    }
    buf_add_str(&joined, value);
    int failed = json_object_setn_new(object, key.at, key.len, text_of(buf_str(&joined)));
    buf_free(&joined);
    return failed;
}

/* Set `key`, replacing a value that it has. */
static int set_last(json_t *object, struct str key, struct str value)
{
    return json_object_setn_new(object, key.at, key.len, text_of(value));
}

/* Append `value` to the array `key`, which is made if need be. */
static int append_value(json_t *object, struct str key, struct str value)
{
    json_t *list = json_object_getn(object, key.at, key.len);
    if (list)
        return json_array_append_new(list, text_of(value));
    return json_object_setn_new(object, key.at, key.len, json_pack("[o]", text_of(value)));
}

/* Change the name of a header to lower case, and return it. */
static struct str lower(char *name)
{
    for (char *c = name; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    return str_of(name);
}

/* Split the value of a Cookie header, in place, into the array `cookies` of payload 2.0. */
static int add_cookies(json_t *event, char *value)
{
    json_t *cookies = json_array();
    int failed = json_object_set_new(event, "cookies", cookies);
    char *rest;
    for (char *c = strtok_r(value, ";", &rest); c && !failed; c = strtok_r(NULL, ";", &rest))
        failed = json_array_append_new(cookies, text_of(str_of(c + strspn(c, " "))));
    return failed;
}

static int add_headers_2(json_t *event, const struct parts *parts)
{
    json_t *headers = json_object();
    int failed = json_object_set_new(event, "headers", headers);
    struct evkeyval *field;
    TAILQ_FOREACH(field, parts->headers, next)
    {
        struct str name = lower(field->key);
        if (str_is(name, "cookie"))
            failed |= add_cookies(event, field->value);
        else
            failed |= set_joined(headers, name, str_of(field->value), ",");
    }
    return failed;
}

/* Add the decoded parameters. An invalid query string has none: it still is in rawQueryString. */
static int add_query_2(json_t *event, struct parts *parts)
{
    struct err ignored;
    if (parts->query.len == 0 || url_parse_query(&parts->params, parts->query, &ignored))
        return 0;
    json_t *query = json_object();
    for (size_t i = 0; i < parts->params.n; i++) {
        if (set_joined(query, parts->params.at[i].name, parts->params.at[i].value, ",")) {
            json_decref(query);
            return 0;
        }
    }
    return json_object_set_new(event, "queryStringParameters", query);
}

static json_t *make_payload_2(struct parts *parts)
{
    time_t now = time(NULL);
    json_t *event = json_pack(
        "{s:s, s:s, s:o, s:o, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:{s:s, s:o, s:s, s:s, s:s}}}",
        "version", "2.0", "routeKey", "$default", "rawPath", text_of(buf_str(&parts->decoded)),
        "rawQueryString", text_of(parts->query), "requestContext", "accountId", ACCOUNT, "apiId",
        "serverful", "domainName", header(parts, "Host"), "requestId", parts->id, "routeKey",
        "$default", "stage", "$default", "timeEpoch", (json_int_t)now * 1000, "http", "method",
        parts->method, "path", text_of(buf_str(&parts->decoded)), "protocol", "HTTP/1.1",
        "sourceIp", parts->source, "userAgent", header(parts, "User-Agent"));
    if (!event || add_headers_2(event, parts) || add_query_2(event, parts)) {
        json_decref(event);
        return NULL;
    }
    return event;
}

/* Add the headers with their last values. Also add them with all their values, except for a load
 * balancer, which sends names in lower case. */
static int add_headers_1(json_t *event, const struct parts *parts, bool alb)
{
    json_t *single = json_object(), *multi = json_object();
    int failed = json_object_set_new(event, "headers", single);
    struct evkeyval *field;
    TAILQ_FOREACH(field, parts->headers, next)
    {
        struct str name = alb ? lower(field->key) : str_of(field->key);
        failed |= set_last(single, name, str_of(field->value)) ||
                  append_value(multi, name, str_of(field->value));
    }
    if (!alb)
        return json_object_set_new(event, "multiValueHeaders", multi) || failed;
    json_decref(multi);
    return failed;
}

static int add_query_1(json_t *event, struct parts *parts)
{
    struct err ignored;
    if (url_parse_query(&parts->params, parts->query, &ignored))
        return -1;
    if (parts->params.n == 0)
        return json_object_set_new(event, "queryStringParameters", json_null()) ||
               json_object_set_new(event, "multiValueQueryStringParameters", json_null());
    json_t *single = json_object(), *multi = json_object();
    int failed = json_object_set_new(event, "queryStringParameters", single) ||
                 json_object_set_new(event, "multiValueQueryStringParameters", multi);
    for (size_t i = 0; i < parts->params.n && !failed; i++) {
        const struct url_param *param = &parts->params.at[i];
        failed = set_last(single, param->name, param->value) ||
                 append_value(multi, param->name, param->value);
    }
    return failed;
}

static json_t *make_payload_1(struct parts *parts)
{
    json_t *event = json_pack(
        "{s:s, s:s, s:o, s:s, s:n, s:n, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}}}", "version",
        "1.0", "resource", "/{proxy+}", "path", text_of(buf_str(&parts->decoded)), "httpMethod",
        parts->method, "pathParameters", "stageVariables", "requestContext", "accountId", ACCOUNT,
        "apiId", "serverful", "domainName", header(parts, "Host"), "httpMethod", parts->method,
        "requestId", parts->id, "stage", "$default", "identity", "sourceIp", parts->source,
        "userAgent", header(parts, "User-Agent"));
    if (!event || add_headers_1(event, parts, false) || add_query_1(event, parts)) {
        json_decref(event);
        return NULL;
    }
    return event;
}

/* Add the parameters, still percent-encoded, with their last values. */
static int add_query_alb(json_t *event, struct str query)
{
    json_t *object = json_object();
    int failed = json_object_set_new(event, "queryStringParameters", object);
    while (query.len > 0 && !failed) {
        const char *end = memchr(query.at, '&', query.len);
        struct str pair = {query.at, end ? (size_t)(end - query.at) : query.len};
        const char *equals = memchr(pair.at, '=', pair.len);
        size_t name = equals ? (size_t)(equals - pair.at) : pair.len;
        struct str value = {pair.at + name + (equals != NULL), pair.len - name - (equals != NULL)};
        if (pair.len > 0)
            failed = set_last(object, (struct str){pair.at, name}, value);
        query.at += pair.len + (end != NULL);
        query.len -= pair.len + (end != NULL);
    }
    return failed;
}

static json_t *make_payload_alb(struct parts *parts)
{
    json_t *event =
        json_pack("{s:{s:{s:s}}, s:s, s:o}", "requestContext", "elb", "targetGroupArn",
                  "arn:aws:elasticloadbalancing:us-east-1:" ACCOUNT ":targetgroup/serverful/0",
                  "httpMethod", parts->method, "path", text_of(parts->path));
    if (!event || add_headers_1(event, parts, true) || add_query_alb(event, parts->query)) {
        json_decref(event);
        return NULL;
    }
    return event;
}

/* Whether the event has the body as text rather than as base64. */
static bool is_text(const struct parts *parts)
{
    const char *type = header(parts, "Content-Type");
    if (*header(parts, "Content-Encoding"))
        return false;
    return !*type || !strncasecmp(type, "text/", 5) || !strncasecmp(type, "application/json", 16) ||
           !strncasecmp(type, "application/javascript", 22) ||
           !strncasecmp(type, "application/xml", 15);
}

static int add_body(json_t *event, const struct parts *parts, bool alb)
{
    if (parts->body.len == 0 && !alb)
        return json_object_set_new(event, "isBase64Encoded", json_false());
    json_t *text = is_text(parts) ? text_of(parts->body) : NULL;
    bool encoded = !text;
    if (encoded) {
        struct buf base64 = {0};
        base64_encode(parts->body, &base64);
        text = text_of(buf_str(&base64));
        buf_free(&base64);
    }
    return json_object_set_new(event, "body", text) ||
           json_object_set_new(event, "isBase64Encoded", json_boolean(encoded));
}

static json_t *make_event(enum payload payload, struct parts *parts)
{
    json_t *event;
    if (payload == PAYLOAD_2)
        event = make_payload_2(parts);
    else if (payload == PAYLOAD_1)
        event = make_payload_1(parts);
    else
        event = make_payload_alb(parts);
    if (!event || !add_body(event, parts, payload == PAYLOAD_ALB))
        return event;
    json_decref(event);
    return NULL;
}

char *gateway_make_event(enum payload payload, struct evhttp_request *request, const char *id,
                         struct err *err)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    const char *target = evhttp_request_get_uri(request);
    size_t path_len = strcspn(target, "?");
    struct parts parts = {.method = method_name(evhttp_request_get_command(request)),
                          .id = id,
                          .path = {target, path_len},
                          .query = str_of(target[path_len] ? target + path_len + 1 : ""),
                          .headers = evhttp_request_get_input_headers(request),
                          .body.len = evbuffer_get_length(in)};
    char *source, *text = NULL;
    ev_uint16_t port;
    parts.body.at = (const char *)evbuffer_pullup(in, -1);
    evhttp_connection_get_peer(evhttp_request_get_connection(request), &source, &port);
    parts.source = source;
    if (!url_decode(parts.path, false, &parts.decoded, err)) {
        json_t *event = make_event(payload, &parts);
        text = event ? json_dumps(event, JSON_COMPACT) : NULL;
        json_decref(event);
        if (!text)
            err_set(err, "the request is not valid UTF-8, or has an invalid percent-encoding");
    }
    buf_free(&parts.decoded);
    url_params_free(&parts.params);
    return text;
}
