#include "lambda/proxy_event.h"

#include "api/json_read.h"
#include "lambda/json_field.h"
#include "lambda/proxy_query.h"
#include "util/base64.h"

#include <strings.h>

/* The path that a bare event is for: the first of these keys that the event has decides. */
static const struct {
    const char *key, *path;
} bare_paths[] = {
    {"text", "/segment"},
    {"num1", "/calculator"},
    {"num2", "/calculator"},
    {"operator", "/calculator"},
};

/* Keys that no bare event has: an event with one of these comes from an AWS service. */
static const char *const service_keys[] = {"requestContext", "httpMethod", "rawPath", "Records"};

/* Keys of events that only keep a function warm, with the value true. */
static const char *const ping_keys[] = {"warmer", "warmup", "ping"};

/* Whether `domain` belongs to a function URL: ID.lambda-url.REGION.on.aws. */
static bool is_function_url(struct str domain)
{
    static const char part[] = ".lambda-url.";
    return domain.len > 0 && memmem(domain.at, domain.len, part, strlen(part));
}

/* Set source->shape by the fields that only one shape has. Returns 0 or -1 with a reason. */
static int recognise_shape(struct proxy_source *source, json_t *context, struct err *err)
{
    json_t *json = source->json;
    struct str version = {NULL, 0}, domain = {NULL, 0};
    source->shape = PROXY_BARE;
    if (json_field_get(context, "elb")) {
        bool multi = json_is_object(json_field_get(json, "multiValueHeaders"));
        source->shape = multi ? PROXY_ALB_MULTI : PROXY_ALB;
    } else if (json_field_get(context, "http") || json_field_get(json, "rawPath")) {
        if (json_field_string(context, "domainName", "requestContext.domainName", &domain, err))
            return -1;
        source->shape = is_function_url(domain) ? PROXY_FUNCTION_URL : PROXY_HTTP_2;
    } else if (json_field_get(json, "httpMethod")) {
        if (json_field_string(json, "version", "version", &version, err))
            return -1;
        source->shape = str_is(version, "1.0") ? PROXY_HTTP_1 : PROXY_REST;
    } else if (json_field_get(json, "raw_path")) {
        source->shape = PROXY_LATTICE_1;
    } else if (json_field_get(context, "targetGroupArn")) {
        source->shape = PROXY_LATTICE_2;
    }
    return 0;
}

/*
 * Decode event->path where it is `encoded`, and remove the stage at its beginning. A REST API, a
 * function URL, a load balancer and VPC Lattice pass the path percent-encoded; an HTTP API decodes it in both
 * payloads. A path that cannot be decoded stays as it is and matches no route.
 */
static void decode_path(struct proxy_source *source, struct proxy_event *event, bool encoded,
                        struct str stage)
{
    struct err ignored;
    if (encoded && !url_decode(event->path, false, &source->path, &ignored))
        event->path = buf_str(&source->path);
    size_t end = stage.len + 1;
    if (stage.len > 0 && event->path.len > end && event->path.at[0] == '/' &&
        event->path.at[end] == '/' && !memcmp(event->path.at + 1, stage.at, stage.len))
        event->path = (struct str){event->path.at + end, event->path.len - end};
}

/* Read method, path and query of payload 1.0, which the load balancer's events resemble. Returns 0
 * or -1 with a reason. */
static int read_payload_1(struct proxy_source *source, json_t *context, struct proxy_event *event,
                          struct err *err)
{
    struct str stage = {NULL, 0};
    if (json_field_need_string(source->json, "httpMethod", "httpMethod", &event->method, err) ||
        json_field_need_string(source->json, "path", "path", &event->path, err) ||
        json_field_string(context, "stage", "requestContext.stage", &stage, err))
        return -1;
    decode_path(source, event, source->shape != PROXY_HTTP_1, stage);
    if (proxy_shape_is_alb(source->shape))
        return proxy_query_encoded(source, event, err);
    return proxy_query_decoded(source, event, err);
}

/* Read method, path and query of payload 2.0. Returns 0 or -1 with a reason. */
static int read_payload_2(struct proxy_source *source, json_t *context, struct proxy_event *event,
                          struct err *err)
{
    json_t *http = NULL;
    struct str stage = {NULL, 0};
    if (json_field_object(context, "http", "requestContext.http", &http, err) ||
        json_field_need_string(http, "method", "requestContext.http.method", &event->method, err) ||
        json_field_need_string(source->json, "rawPath", "rawPath", &event->path, err) ||
        json_field_string(context, "stage", "requestContext.stage", &stage, err))
        return -1;
    decode_path(source, event, source->shape == PROXY_FUNCTION_URL, stage);
    return proxy_query_raw(source, event, err);
}

/* Read method, path and query of an event of VPC Lattice, whose path may have the query string behind
 * it. Returns 0 or -1 with a reason. */
static int read_lattice(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    const char *key = source->shape == PROXY_LATTICE_1 ? "raw_path" : "path";
    struct str query;
    if (json_field_need_string(source->json, "method", "method", &event->method, err) ||
        json_field_need_string(source->json, key, key, &query, err))
        return -1;
    event->path = str_cut(&query, '?');
    decode_path(source, event, true, (struct str){NULL, 0});
    return proxy_query_lattice(source, query, event, err);
}

/* Whether the value of `key` is the string `text`. */
static bool field_is(const json_t *json, const char *key, const char *text)
{
    const char *value = json_string_value(json_field_get(json, key));
    return value && !strcmp(value, text);
}

/* Whether an event only keeps the function warm: one of EventBridge's schedule, or of a plug-in. */
static bool is_ping(const json_t *json)
{
    for (size_t i = 0; i < sizeof ping_keys / sizeof *ping_keys; i++) {
        if (json_is_true(json_field_get(json, ping_keys[i])))
            return true;
    }
    return field_is(json, "detail-type", "Scheduled Event") ||
           field_is(json, "source", "serverless-plugin-warmup");
}

/* Find the path that a bare event is for: that of the pinned route, else by its keys. Returns NULL
 * where the event is not a bare one, or its keys name no path. */
static const char *find_bare_path(const json_t *json, const struct route *pinned)
{
    for (size_t i = 0; i < sizeof service_keys / sizeof *service_keys; i++) {
        if (json_field_get(json, service_keys[i]))
            return NULL;
    }
    for (size_t i = 0; i < sizeof bare_paths / sizeof *bare_paths && !pinned; i++) {
        if (json_field_get(json, bare_paths[i].key))
            return bare_paths[i].path;
    }
    return pinned ? pinned->path : NULL;
}

/* Read an event that carries no HTTP request: a bare one, or a ping. Returns 0 or -1 with a reason, and
 * sets `*type` where it is neither. */
static int read_bare(struct proxy_source *source, const struct route *pinned,
                     struct proxy_event *event, const char **type, struct err *err)
{
    const char *path = find_bare_path(source->json, pinned);
    if ((pinned || !path) && is_ping(source->json)) {
        source->shape = PROXY_PING;
        return 0;
    }
    if (!path) {
        *type = "Runtime.UnknownEvent";
        return err_set(err,
                       "the event has an unknown shape: use one of API Gateway (REST, or HTTP with "
                       "payload 1.0 or 2.0), a function URL, an Application Load Balancer or VPC "
                       "Lattice, a scheduled event, or {\"text\": …} or {\"num1\": …, \"num2\": …, "
                       "\"operator\": …}");
    }
    event->method = str_of("GET");
    event->path = str_of(path);
    return proxy_query_bare(source, event, err);
}

/* Set the fields of the event and of its source that a map of headers has; of several values of a header,
 * the first one. A map that is NULL has none. Returns 0 or -1 with a reason. */
static int read_header_map(json_t *map, struct proxy_source *source, struct proxy_event *event,
                           struct err *err)
{
    const struct {
        const char *name;
        struct str *value;
    } fields[] = {{"Content-Type", &event->content_type},
                  {"Accept-Language", &event->accept_language},
                  {"If-None-Match", &event->if_none_match},
                  {"Accept-Encoding", &source->accept_encoding}};
    const char *key;
    json_t *value;
    json_object_foreach(map, key, value)
    {
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            if (strcasecmp(key, fields[i].name) != 0)
                continue;
            json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;
            if (!first || json_is_null(first))
                continue;
            if (!json_is_string(first))
                return err_set(err, "the event's %s is not a string", fields[i].name);
            *fields[i].value = json_read_text(first);
        }
    }
    return 0;
}

/* Set the fields that the headers of the event have. Returns 0 or -1 with a reason. */
static int read_headers(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    json_t *single = NULL, *multi = NULL;
    if (json_field_object(source->json, "headers", "headers", &single, err) ||
        json_field_object(source->json, "multiValueHeaders", "multiValueHeaders", &multi, err))
        return -1;
    return read_header_map(single, source, event, err) || read_header_map(multi, source, event, err)
               ? -1
               : 0;
}

/* Decode the base64 of event->body, or set event->fault. Returns -1 only when memory runs out. */
static int decode_body(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    struct err why;
    if (event->body.len / 4 > PROXY_MAX_BODY / 3 + 1) {
        event->fault = REFUSE_LARGE_BODY;
        return 0;
    }
    int failed = base64_decode(event->body, &source->body, &why);
    if (source->body.failed)
        return err_set(err, "%s", why.text);
    event->body = buf_str(&source->body);
    if (failed)
        event->fault = REFUSE_BASE64;
    return 0;
}

/* Set event->body, or event->fault where it is too large. Returns 0 or -1 with a reason. */
static int read_body(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    bool encoded = false;
    const char *flag = source->shape == PROXY_LATTICE_1 ? "is_base64_encoded" : "isBase64Encoded";
    if (json_field_string(source->json, "body", "body", &event->body, err) ||
        json_field_bool(source->json, flag, flag, &encoded, err))
        return -1;
    if (event->fault)
        return 0;
    if (encoded && decode_body(source, event, err))
        return -1;
    if (event->body.len > PROXY_MAX_BODY)
        event->fault = REFUSE_LARGE_BODY;
    return 0;
}

/* Read an event that carries an HTTP request. Returns 0 or -1 with a reason. */
static int read_http(struct proxy_source *source, json_t *context, struct proxy_event *event,
                     struct err *err)
{
    int failed;
    if (proxy_shape_is_payload_2(source->shape))
        failed = read_payload_2(source, context, event, err);
    else if (proxy_shape_is_lattice(source->shape))
        failed = read_lattice(source, event, err);
    else
        failed = read_payload_1(source, context, event, err);
    if (failed || read_headers(source, event, err))
        return -1;
    return read_body(source, event, err);
}

int proxy_event_read(struct proxy_source *source, struct str text, const struct route *pinned,
                     struct proxy_event *event, const char **type, struct err *err)
{
    json_t *context = NULL;
    proxy_source_reset(source);
    *event = (struct proxy_event){.params = &source->params};
    *type = "Runtime.InvalidEvent";
    if (proxy_source_parse(source, text, err) ||
        json_field_object(source->json, "requestContext", "requestContext", &context, err) ||
        recognise_shape(source, context, err))
        return -1;
    if (source->shape == PROXY_BARE)
        return read_bare(source, pinned, event, type, err);
    return read_http(source, context, event, err);
}
