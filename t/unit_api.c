/* The routes, the response, JSON text and media types: what the cases in t/cases/ do not reach. */
#include "api/json.h"
#include "api/media_type.h"
#include "api/route.h"

#include "tap.h"

#include <stdint.h>

/* A front end with an empty snapshot, which is enough for /calculator and for whatever comes before
 * a handler. */
struct edge {
    struct snapshot_header header;
    struct snapshot snapshot;
    struct api api;
    struct url_params params;
    struct proxy_event event;
    struct proxy_response response;
    struct err err;
};

static void edge_init(struct edge *edge, const char *method, const char *path, const char *query)
{
    *edge = (struct edge){0};
    edge->snapshot.header = &edge->header;
    edge->api.snapshot = &edge->snapshot;
    edge->event.method = str_of(method);
    edge->event.path = str_of(path);
    edge->event.params = &edge->params;
    ok(api_init(&edge->api, &edge->err) == 0, "%s %s?%s", method, path, query);
    ok(url_parse_query(&edge->params, str_of(query), &edge->err) == 0, "its query is read");
}

static void edge_free(struct edge *edge)
{
    api_free(&edge->api);
    url_params_free(&edge->params);
    proxy_response_free(&edge->response);
}

/* The value of a response header, or "(none)". */
static const char *header(const struct edge *edge, const char *name)
{
    for (size_t i = 0; i < edge->response.n_headers; i++) {
        if (!strcmp(edge->response.headers[i].name, name))
            return edge->response.headers[i].value.at;
    }
    return "(none)";
}

static int answer(struct edge *edge)
{
    const struct route *route = route_find(&edge->api, edge->event.path);
    return route_answer(&edge->api, route, &edge->event, &edge->response, &edge->err);
}

/* Answer, and compare status and body. */
static void answers(struct edge *edge, int status, const char *body)
{
    ok(answer(edge) == 0, "is answered");
    ok(edge->response.status == status, "with %d: %d", status, edge->response.status);
    ok(str_is(buf_str(&edge->response.body), body), "with %s: %.*s", body,
       (int)edge->response.body.len, edge->response.body.at);
}

#define SUM "num1=1&num2=2&operator=add"

static void test_order_of_refusals(void)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *body;
    } rows[] = {
        {"OPTIONS", "/nowhere", 204, ""},
        {"DELETE", "/nowhere", 404, "{\"error\": \"Not found\"}"},
        {"DELETE", "/segment", 405, "{\"error\": \"Method not allowed\"}"},
        {"GET", "/segment", 400, "{\"error\": \"a fault of the edge\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct edge edge;
        edge_init(&edge, rows[i].method, rows[i].path, "mode=none");
        edge.event.fault = (struct proxy_fault){400, "a fault of the edge"};
        answers(&edge, rows[i].status, rows[i].body);
        edge_free(&edge);
    }
}

static void test_head(void)
{
    struct edge edge;
    edge_init(&edge, "HEAD", "/calculator", SUM);
    answers(&edge, 200, "");
    ok(edge.response.content_length == strlen("{\"result\": 3.0}"), "the length is that of GET");
    edge_free(&edge);
}

static void test_pinned(void)
{
    struct edge edge;
    edge_init(&edge, "GET", "/any/path", SUM);
    edge.api.pinned = route_by_name(str_of("calculator"));
    answers(&edge, 200, "{\"result\": 3.0}");
    is_text(edge.api.pinned->name, "calculator", "the name of a route");
    is_text(edge.api.pinned->path, "/calculator", "the path of a route");
    ok(!route_by_name(str_of("/calculator")), "a path is no name");
    ok(!route_by_name(str_of("bootstrap")), "no route has a name that none has");
    edge_free(&edge);
}

static void test_no_cors(const char *method, const char *expected)
{
    struct edge edge;
    edge_init(&edge, method, "/calculator", SUM);
    answers(&edge, *expected ? 200 : 204, expected);
    is_text(header(&edge, "Access-Control-Allow-Origin"), "*", "with CORS");
    edge.api.no_cors = true;
    answers(&edge, *expected ? 200 : 204, expected);
    for (size_t i = 0; i < edge.response.n_headers; i++)
        ok(strncmp(edge.response.headers[i].name, "Access-", 7) != 0, "no CORS: %s",
           edge.response.headers[i].name);
    ok(edge.response.n_headers == (*expected ? 1 : 0), "as many headers as there should be");
    edge_free(&edge);
}

/* The handler of an extra route: writes its context. */
static int answer_context(struct api *api, const struct proxy_event *event,
                          struct proxy_response *response, struct err *err)
{
    (void)event;
    (void)err;
    response->content_type = "text/plain";
    buf_add_text(&response->body, api->extra.context);
    return 0;
}

static void test_extra_routes(void)
{
    static const struct route extra[] = {
        {"calculator", "/calculator", "GET", answer_context, .internal = true},
        {"page", "/own", "GET, HEAD", answer_context, .internal = true},
    };
    static const struct {
        const char *method, *path;
        int status;
        const char *body, *cache, *cors;
    } rows[] = {
        {"GET", "/own", 200, "context", "no-store", "(none)"},
        {"HEAD", "/own", 200, "", "no-store", "(none)"},
        {"POST", "/own", 405, "{\"error\": \"Method not allowed\"}", "no-store", "(none)"},
        {"OPTIONS", "/own", 405, "{\"error\": \"Method not allowed\"}", "no-store", "(none)"},
        {"GET", "/calculator", 200, "{\"result\": 3.0}", "(none)", "*"},
        {"GET", "/elsewhere", 404, "{\"error\": \"Not found\"}", "(none)", "*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct edge edge;
        edge_init(&edge, rows[i].method, rows[i].path, SUM);
        edge.api.extra = (struct extra_routes){extra, 2, "context"};
        answers(&edge, rows[i].status, rows[i].body);
        is_text(header(&edge, "Cache-Control"), rows[i].cache, "Cache-Control");
        is_text(header(&edge, "Access-Control-Allow-Origin"), rows[i].cors, "CORS");
        edge_free(&edge);
    }
}

/* Without a snapshot every endpoint answers 503, and an internal route works. */
static void test_no_snapshot(void)
{
    static const struct route extra[] = {{"page", "/own", "GET", answer_context, .internal = true}};
    static const char refusal[] = "{\"error\": \"The service has no snapshot yet\"}";
    struct edge edge;
    edge_init(&edge, "GET", "/calculator", SUM);
    edge.snapshot.header = NULL;
    edge.api.extra = (struct extra_routes){extra, 1, "context"};
    answers(&edge, 503, refusal);
    is_text(header(&edge, "Retry-After"), "1", "a 503 has Retry-After");
    is_text(header(&edge, "Content-Type"), PROXY_JSON, "a 503 has Content-Type");
    is_text(header(&edge, "Access-Control-Allow-Origin"), "*", "a 503 has the CORS header");
    ok(edge.response.content_length == strlen(refusal), "a 503 has Content-Length");
    edge.event.path = str_of("/own");
    answers(&edge, 200, "context");
    edge.event.path = str_of("/nowhere");
    answers(&edge, 404, "{\"error\": \"Not found\"}");
    edge_free(&edge);
}

/* A response that cannot be sent is replaced by a whole one: headers, length and body. */
static void test_refuse(const char *method, const char *body)
{
    struct edge edge;
    edge_init(&edge, method, "/openapi.json", "");
    ok(answer(&edge) == 0, "%s /openapi.json is answered", method);
    is_text(header(&edge, "Cache-Control"), "max-age=300", "the response may be cached");
    route_refuse(&edge.api, route_find(&edge.api, edge.event.path), &edge.event, &edge.response,
                 413, "Response too large");
    ok(edge.response.status == 413, "the refusal has status 413: %d", edge.response.status);
    ok(str_is(buf_str(&edge.response.body), body), "the refusal to %s has the body '%s'", method,
       body);
    ok(edge.response.content_length == strlen("{\"error\": \"Response too large\"}"),
       "the refusal has the length of its own body");
    is_text(header(&edge, "Cache-Control"), "(none)", "the refusal has no header of the response");
    is_text(header(&edge, "Content-Type"), PROXY_JSON, "the refusal is JSON");
    edge_free(&edge);
}

static void test_no_images(void)
{
    struct edge edge;
    edge_init(&edge, "GET", "/random-image", "");
    answers(&edge, 404, "{\"error\": \"No images\"}");
    is_text(header(&edge, "Cache-Control"), "(none)", "which may be cached");
    edge_free(&edge);
}

/* A failure of our own, here a number that claims more bytes than there is memory for. ASan would
 * stop the test at such an allocation. */
static void test_failure(void)
{
#ifndef __SANITIZE_ADDRESS__
    struct edge edge;
    edge_init(&edge, "GET", "/calculator", "");
    ok(url_add_param(&edge.params, str_of("num1"), (struct str){"1", SIZE_MAX / 4}, &edge.err) == 0,
       "with a number of a quarter of the address space");
    ok(answer(&edge) == -1, "fails");
    ok(strstr(edge.err.text, "out of memory") != NULL, "for a reason: %s", edge.err.text);
    ok(edge.response.status == 500, "with 500");
    ok(str_is(buf_str(&edge.response.body), "{\"error\": \"Internal server error\"}"), "as JSON");
    is_text(header(&edge, "Access-Control-Allow-Origin"), "*", "and with CORS");
    edge_free(&edge);
#endif
}

static void test_json_escapes(void)
{
    static const char expected[] = "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\"
                                   "t\\n\\u000b\\f\\r\\u000e\\u000f"
                                   "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018"
                                   "\\u0019\\u001a\\u001b\\u001c"
                                   "\\u001d\\u001e\\u001f !\\\"#/[\\\\]\x7f我\U0001F600\"";
    struct buf text = {0}, out = {0};
    for (char c = 0; c < 0x20; c++)
        buf_add_char(&text, c);
    buf_add_text(&text, " !\"#/[\\]\x7f我\U0001F600");
    json_add_string(&out, buf_str(&text));
    ok(str_is(buf_str(&out), expected), "escapes: %.*s", (int)out.len, out.at);
    buf_free(&text);
    buf_free(&out);
}

/* Long strings are written in pieces: the seam may fall anywhere. */
static void test_json_long(size_t len)
{
    struct buf text = {0}, out = {0}, expected = {0};
    buf_add_char(&expected, '"');
    for (size_t i = 0; i < len; i++) {
        buf_add_char(&text, i % 3 ? '\n' : 'x');
        buf_add_text(&expected, i % 3 ? "\\n" : "x");
    }
    buf_add_char(&expected, '"');
    json_add_string(&out, buf_str(&text));
    ok(str_eq(buf_str(&out), buf_str(&expected)), "a string of %zu bytes", len);
    buf_free(&text);
    buf_free(&out);
    buf_free(&expected);
}

static void test_json_strings(void)
{
    const struct str texts[] = {str_of("我"), str_of(""), str_of("\t")};
    struct buf out = {0};
    json_add_strings(&out, texts, 0);
    ok(out.len == 0, "no strings are no text");
    json_add_strings(&out, texts, 3);
    ok(str_is(buf_str(&out), "\"我\", \"\", \"\\t\""), "three strings");
    buf_free(&out);
}

static void test_media_types(void)
{
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"text/plain", true},
        {"Text/PLAIN", true},
        {" text/plain ; Charset=UTF-8 ", true},
        {"text/plain;charset=\"utf-8\"", true},
        {"text/plain; format=flowed; charset=us-ascii", true},
        {"text/plain;", true},
        {"text/plain; x=\"; charset=gbk\"", true},
        {"text/plain; x=\"\\\"; charset=gbk\"", true},
        {"text/plain; charset", false},
        {"text/plain; charset=", false},
        {"text/plain; charset=gbk", false},
        {"text/plain; charset=utf-8; charset=gbk", false},
        {"text/plain; x=\"a\"; charset=gbk", false},
        {"text/plain; charset=\"utf-8", false},
        {"text/html", false},
        {"text/plainer", false},
        {"text", false},
        {"text/plain, text/plain", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(media_type_is(str_of(rows[i].header), "text/plain") == rows[i].is, "%s: '%s'",
           rows[i].is ? "text/plain" : "something else", rows[i].header);
}

static void test_response(void)
{
    struct proxy_response response = {0};
    for (int i = 0; i < PROXY_MAX_HEADERS + 1; i++)
        proxy_response_header(&response, "A", "b");
    ok(response.n_headers == PROXY_MAX_HEADERS, "a header too many is left out");
    buf_add_text(&response.body, "half an answer");
    proxy_response_error(&response, 400, "a \"quoted\" word");
    ok(str_is(buf_str(&response.body), "{\"error\": \"a \\\"quoted\\\" word\"}"),
       "an error as JSON");
    ok(response.status == 400, "with its status");
    proxy_response_reset(&response);
    ok(response.status == 200 && !response.n_headers && !response.body.len, "a reset empties it");
    proxy_response_free(&response);
}

int main(void)
{
    test_order_of_refusals();
    test_head();
    test_pinned();
    test_no_cors("GET", "{\"result\": 3.0}");
    test_no_cors("OPTIONS", "");
    test_extra_routes();
    test_no_snapshot();
    test_refuse("GET", "{\"error\": \"Response too large\"}");
    test_refuse("HEAD", "");
    test_no_images();
    test_failure();
    test_json_escapes();
    for (size_t len = 1022; len < 1027; len++)
        test_json_long(len);
    test_json_long(100000);
    test_json_strings();
    test_media_types();
    test_response();
    return tap_done();
}
