/* Routes, responses and media types, as far as the cases in t/cases/ do not test them. */
#include "api/language.h"
#include "api/media_type.h"
#include "api/misspelt.h"
#include "api/route.h"

#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

/* A front end with an empty snapshot, which is enough for /calculator and for all that happens
 * before a handler. */
struct front_end {
    struct snapshot_header header;
    struct snapshot snapshot;
    struct api api;
    struct url_params params;
    struct proxy_event event;
    struct proxy_response response;
    struct err err;
};

static void front_end_init(struct front_end *front, const char *method, const char *path,
                           const char *query)
{
    *front = (struct front_end){0};
    front->snapshot.header = &front->header;
    front->api.snapshot = &front->snapshot;
    front->event.method = str_of(method);
    front->event.path = str_of(path);
    front->event.params = &front->params;
    ok(api_init(&front->api, &front->err) == 0, "api_init succeeds for %s %s?%s", method, path,
       query);
    ok(url_parse_query(&front->params, str_of(query), &front->err) == 0, "the query '%s' is parsed",
       query);
}

static void front_end_free(struct front_end *front)
{
    api_free(&front->api);
    url_params_free(&front->params);
    proxy_response_free(&front->response);
}

/* Return the value of a response header, or "(none)". */
static const char *header(const struct front_end *front, const char *name)
{
    for (size_t i = 0; i < front->response.n_headers; i++) {
        if (!strcmp(front->response.headers[i].name, name))
            return front->response.headers[i].value.at;
    }
    return "(none)";
}

static int answer(struct front_end *front)
{
    const struct route *route = route_find(&front->api, front->event.path);
    return route_answer(&front->api, route, &front->event, &front->response, &front->err);
}

/* Whether the response has this body and a newline; of an error, the object may have more members. */
static bool has_body(const struct front_end *front, const char *body)
{
    struct str got = buf_str(&front->response.body), wanted = str_of(body);
    if (wanted.len == 0 || got.len == 0)
        return wanted.len == got.len;
    if (strncmp(body, "{\"error\"", 8) == 0)
        wanted.len--;
    return got.len > wanted.len && !memcmp(got.at, wanted.at, wanted.len) &&
           got.at[got.len - 1] == '\n';
}

/* Answer the event, and compare status and body. */
static void answers(struct front_end *front, int status, const char *body)
{
    struct str method = front->event.method, path = front->event.path;
    ok(answer(front) == 0, "route_answer(%.*s %.*s) succeeds", (int)method.len, method.at,
       (int)path.len, path.at);
    ok(front->response.status == status, "%.*s %.*s answers %d: %d", (int)method.len, method.at,
       (int)path.len, path.at, status, front->response.status);
    ok(has_body(front, body), "%.*s %.*s has the body '%s': '%.*s'", (int)method.len, method.at,
       (int)path.len, path.at, body, (int)front->response.body.len, front->response.body.at);
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
        {"GET", "/segment", 400, "{\"error\": \"Incomplete request body\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct front_end front;
        front_end_init(&front, rows[i].method, rows[i].path, "mode=none");
        front.event.fault = REFUSE_SHORT_BODY;
        answers(&front, rows[i].status, rows[i].body);
        front_end_free(&front);
    }
}

static void test_head(void)
{
    struct front_end front;
    front_end_init(&front, "HEAD", "/calculator", SUM);
    answers(&front, 200, "");
    ok(front.response.content_length == strlen("{\"result\": 3.0}\n"),
       "HEAD has the Content-Length of GET");
    front_end_free(&front);
}

static void test_pinned(void)
{
    struct front_end front;
    front_end_init(&front, "GET", "/any/path", SUM);
    front.api.pinned = route_by_name(str_of("calculator"));
    answers(&front, 200, "{\"result\": 3.0}");
    is_text(front.api.pinned->name, "calculator", "the pinned route has its name");
    is_text(front.api.pinned->path, "/calculator", "the pinned route has its path");
    ok(!route_by_name(str_of("/calculator")), "route_by_name does not find a path");
    ok(!route_by_name(str_of("bootstrap")), "route_by_name does not find an unknown name");
    front_end_free(&front);
}

static void test_no_cors(const char *method, const char *expected)
{
    struct front_end front;
    front_end_init(&front, method, "/calculator", SUM);
    answers(&front, *expected ? 200 : 204, expected);
    is_text(header(&front, "Access-Control-Allow-Origin"), "*", "the response has the CORS header");
    front.api.no_cors = true;
    answers(&front, *expected ? 200 : 204, expected);
    for (size_t i = 0; i < front.response.n_headers; i++)
        ok(strncmp(front.response.headers[i].name, "Access-", 7) != 0,
           "with no_cors, the header %s is not one of CORS", front.response.headers[i].name);
    ok(front.response.n_headers == (*expected ? 4 : 0),
       "with no_cors, only Content-Type and the headers for caches are left");
    front_end_free(&front);
}

/* Answers to requests have the revision of the snapshot; those to preflights do not need it. */
static void test_revision(const char *method, const char *path, const char *expected)
{
    struct front_end front;
    front_end_init(&front, method, path, SUM);
    strcpy(front.snapshot.revision, "0123456789abcdef");
    answer(&front);
    is_text(header(&front, "Serverful-Revision"), expected, "the revision of the snapshot");
    front.snapshot.revision[0] = '\0';
    answer(&front);
    is_text(header(&front, "Serverful-Revision"), "(none)", "no revision without a snapshot");
    front_end_free(&front);
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
        {"GET", "/calculator", 200, "{\"result\": 3.0}", "max-age=86400", "*"},
        {"GET", "/elsewhere", 404, "{\"error\": \"Not found\"}", "(none)", "*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct front_end front;
        char cache[64], cors[64];
        snprintf(cache, sizeof cache, "Cache-Control of %s %s", rows[i].method, rows[i].path);
        snprintf(cors, sizeof cors, "the CORS header of %s %s", rows[i].method, rows[i].path);
        front_end_init(&front, rows[i].method, rows[i].path, SUM);
        front.api.extra = (struct extra_routes){extra, 2, "context"};
        answers(&front, rows[i].status, rows[i].body);
        is_text(header(&front, "Cache-Control"), rows[i].cache, cache);
        is_text(header(&front, "Access-Control-Allow-Origin"), rows[i].cors, cors);
        front_end_free(&front);
    }
}

/* Return the ETag of the answer to a request. The text is valid until the next call. */
static const char *etag_of(const char *method, const char *query)
{
    static char etag[64];
    struct front_end front;
    front_end_init(&front, method, "/calculator", query);
    answer(&front);
    snprintf(etag, sizeof etag, "%s", header(&front, "ETag"));
    front_end_free(&front);
    return etag;
}

static void test_etag(void)
{
    static const struct {
        const char *method, *query;
        bool is_same;
    } rows[] = {
        {"HEAD", SUM, true},
        {"GET", "operator=add&num2=2&num1=1", true},
        {"GET", "num1=3&" SUM, true},
        {"GET", SUM "&num1=1", true},
        {"GET", SUM "&num1=2", false},
        {"GET", SUM "&x=", false},
        {"GET", "num1=2&num2=1&operator=add", false},
        {"GET", "num1=1&num2=2&operator=subtract", false},
        {"GET", "num1=1&num2=2&operator=", false},
    };
    char first[64];
    snprintf(first, sizeof first, "%s", etag_of("GET", SUM));
    ok(strlen(first) == 20 && !strncmp(first, "W/\"", 3) && first[19] == '"',
       "%s is a weak entity tag", first);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(!strcmp(etag_of(rows[i].method, rows[i].query), first) == rows[i].is_same,
           "%s ?%s %s the entity tag of ?" SUM, rows[i].method, rows[i].query,
           rows[i].is_same ? "has" : "does not have");
}

static void test_if_none_match(void)
{
    static const struct {
        const char *method, *query;
        const char *before, *after; /* What stands around the entity tag, without its W/. */
        int status;
    } rows[] = {
        {"GET", SUM, "W/", "", 304},
        {"GET", SUM, "", "", 304},
        {"HEAD", SUM, "W/", "", 304},
        {"GET", SUM, "\"a,b\", W/", " ,\"c\"", 304},
        {"GET", SUM, "\"x\",", "", 304},
        {"GET", SUM, " * ", NULL, 304},
        {"GET", SUM, "", NULL, 200},
        {"GET", SUM, "\"*\"", NULL, 200},
        {"GET", SUM, "W/\"0123456789abcdef\"", NULL, 200},
        {"GET", "num1=1&num2=0&operator=divide", "*", NULL, 400},
        {"POST", SUM, "*", NULL, 405},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct front_end front;
        char etag[64], list[128];
        const char *after = rows[i].after;
        snprintf(etag, sizeof etag, "%s", etag_of("GET", rows[i].query) + 2);
        snprintf(list, sizeof list, "%s%s%s", rows[i].before, after ? etag : "",
                 after ? after : "");
        front_end_init(&front, rows[i].method, "/calculator", rows[i].query);
        front.event.if_none_match = str_of(list);
        ok(answer(&front) == 0 && front.response.status == rows[i].status,
           "%s ?%s with If-None-Match: %s is answered with %d", rows[i].method, rows[i].query, list,
           rows[i].status);
        ok((front.response.body.len == 0) == (rows[i].status == 304), "only a 304 has no body");
        bool is_refusal = rows[i].status >= 400;
        ok(!strcmp(header(&front, "ETag"), "(none)") == is_refusal &&
               !strcmp(header(&front, "Cache-Control"), "(none)") == is_refusal &&
               !strcmp(header(&front, "Vary"), is_refusal ? "Accept-Language" : "Accept-Encoding"),
           "all but refusals have ETag, Cache-Control, and Vary for the encoding");
        front_end_free(&front);
    }
}

/* Without a snapshot every endpoint answers 503, and an internal route works. */
static void test_no_snapshot(void)
{
    static const struct route extra[] = {{"page", "/own", "GET", answer_context, .internal = true}};
    static const char refusal[] = "{\"error\": \"The service has no snapshot yet\"}";
    struct front_end front;
    front_end_init(&front, "GET", "/calculator", SUM);
    front.snapshot.header = NULL;
    front.api.extra = (struct extra_routes){extra, 1, "context"};
    answers(&front, 503, refusal);
    is_text(header(&front, "Retry-After"), "1", "a 503 has Retry-After");
    is_text(header(&front, "Content-Type"), PROXY_JSON, "a 503 has Content-Type");
    is_text(header(&front, "Access-Control-Allow-Origin"), "*", "a 503 has the CORS header");
    ok(front.response.content_length == front.response.body.len, "a 503 has Content-Length");
    front.event.path = str_of("/own");
    answers(&front, 200, "context");
    front.event.path = str_of("/nowhere");
    answers(&front, 404, "{\"error\": \"Not found\"}");
    front_end_free(&front);
}

/* A response that cannot be sent is replaced by a whole one: headers, length and body. */
static void test_refuse(const char *method, const char *body)
{
    struct front_end front;
    front_end_init(&front, method, "/openapi.json", "");
    ok(answer(&front) == 0, "%s /openapi.json is answered", method);
    is_text(header(&front, "Cache-Control"), "max-age=300",
            "GET /openapi.json may be cached for 300 s");
    route_refuse(&front.api, route_find(&front.api, front.event.path), &front.event,
                 &front.response, REFUSE_LARGE_ANSWER);
    ok(front.response.status == 413, "the refusal has status 413: %d", front.response.status);
    ok(has_body(&front, body), "the refusal to %s has the body '%s'", method, body);
    ok(front.response.content_length > strlen(body) &&
           (front.response.body.len == 0 ||
            front.response.content_length == front.response.body.len),
       "the refusal has the length of its own body");
    is_text(header(&front, "Cache-Control"), "(none)",
            "a refusal has no header of the response that it replaces");
    is_text(header(&front, "Content-Type"), PROXY_JSON, "a refusal has the Content-Type of JSON");
    front_end_free(&front);
}

static void test_no_images(void)
{
    struct front_end front;
    front_end_init(&front, "GET", "/random-image", "");
    answers(&front, 404, "{\"error\": \"No images\"}");
    is_text(header(&front, "Cache-Control"), "(none)",
            "the 404 of /random-image is not marked no-store");
    front_end_free(&front);
}

/* A failure of the service: a number that claims more bytes than there is memory. ASan would stop
 * the test at such an allocation. */
static void test_failure(void)
{
#ifdef __SANITIZE_ADDRESS__
    tap_skip(8, "a build with sanitizers");
#else
    struct front_end front;
    front_end_init(&front, "GET", "/calculator", "");
    ok(url_add_param(&front.params, str_of("num1"), (struct str){"1", SIZE_MAX / 4}, &front.err) ==
           0,
       "a parameter can claim a quarter of the address space");
    ok(answer(&front) == -1, "route_answer fails when memory runs out");
    ok(strstr(front.err.text, "out of memory") != NULL, "the error gives the reason: %s",
       front.err.text);
    ok(front.response.status == 500, "the failure becomes a 500");
    ok(has_body(&front, "{\"error\": \"Internal server error\"}"), "the 500 is JSON");
    is_text(header(&front, "Access-Control-Allow-Origin"), "*", "the 500 has the CORS header");
    front_end_free(&front);
#endif
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
        ok(media_type_is(str_of(rows[i].header), "text/plain") == rows[i].is, "'%s' is %s",
           rows[i].header, rows[i].is ? "text/plain" : "not text/plain in UTF-8");
}

static void test_languages(void)
{
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"", false},
        {"zh", true},
        {"ZH-cn", true},
        {"zh-Hans-CN, en", true},
        {"zh-TW;q=0.1", true},
        {"en, zh", false},
        {"zh, en", true},
        {"en;q=0.8, zh;q=0.9", true},
        {"zh;q=0.8,en-GB;q=0.9", false},
        {" zh-CN , zh ; q=0.9 , en ; Q=0.8", true},
        {"fr, zh;q=0.5, en;q=0.4", true},
        {"fr, de", false},
        {"*", false},
        {"zh;q=0.5, *", false},
        {"zh, *;q=0.5", true},
        {"zh;q=0.5, *, en;q=0.1", true},
        {"zh;q=0", false},
        {"zh;q=0.000, en;q=0", false},
        {"zh;q=0.001", true},
        {"zh;q=1.001", false},
        {"zh;q=2", false},
        {"zh;q=", false},
        {"zh;q=0.x", false},
        {"zh;q=0.0001", false},
        {"zha, en", false},
        {"z", false},
        {",,;,zh,;q=1", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(language_is_chinese(str_of(rows[i].header)) == rows[i].is, "'%s' prefers %s",
           rows[i].header, rows[i].is ? "Chinese" : "English");
}

static void test_misspelt(void)
{
    static const struct {
        const char *given, *wanted;
        bool is;
    } rows[] = {
        {"txt", "text", true},
        {"texts", "text", true},
        {"TEXT", "text", true},
        {"te", "text", true},
        {"t", "text", false},
        {"text", "text", false},
        {"top", "text", false},
        {"num_1", "num1", true},
        {"number1", "num1", false},
        {"op", "operator", true},
        {"oprator", "operator", true},
        {"operation", "operator", true},
        {"opration", "operator", false},
        {"", "text", false},
        {"texttexttexttexttexttexttext", "text", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(misspelt_is(str_of(rows[i].given), rows[i].wanted) == rows[i].is, "'%s' is %s for '%s'",
           rows[i].given, rows[i].is ? "taken" : "not taken", rows[i].wanted);
}

static void test_response(void)
{
    struct proxy_response response = {0};
    for (int i = 0; i < PROXY_MAX_HEADERS + 1; i++)
        proxy_response_header(&response, "A", "b");
    ok(response.n_headers == PROXY_MAX_HEADERS,
       "a response drops a header that exceeds PROXY_MAX_HEADERS");
    buf_add_text(&response.body, "half a body");
    response.accept_language = str_of("zh;q=0.5, en;q=0.4");
    response.n_headers = 0;
    proxy_response_refuse(
        &response, REFUSE_CHOICE,
        &(struct refusal_values){"mode", str_of("a \"b\" \xFF"), "c, d", 7, true});
    ok(str_is(buf_str(&response.body), "{\"error\": \"Invalid mode\", \"detail\": \"mode 的值为“a "
                                       "\\\"b\\\" \xEF\xBF\xBD”；可选值有 "
                                       "c、d\", \"parameter\": \"mode\", \"index\": 7}\n"),
       "proxy_response_refuse replaces the body by JSON: %.*s", (int)response.body.len,
       response.body.at);
    ok(response.status == 400, "proxy_response_refuse sets the status");
    is_text(response.headers[0].name, "Vary", "an error varies by the language");
    proxy_response_reset(&response);
    ok(response.status == 200 && !response.n_headers && !response.body.len,
       "proxy_response_reset empties a response");
    proxy_response_free(&response);
}

/* A front end that sends the body of a response in pieces. */
struct pieces {
    struct buf body;
    size_t n;       /* The number of pieces. */
    size_t n_taken; /* The number of pieces after which the client has gone. */
    bool had_head;  /* Whether status and headers were complete before the first piece. */
};

static int send_piece(void *arg, const struct proxy_response *response, struct str piece)
{
    struct pieces *pieces = arg;
    if (pieces->n == 0)
        pieces->had_head = response->status == 200 && response->n_headers > 0;
    if (pieces->n++ >= pieces->n_taken)
        return -1;
    buf_add_str(&pieces->body, piece);
    return 0;
}

/* Write 5 bytes a hundred thousand times. Fails then where the method is POST. */
static int handle_stream(struct api *api, const struct proxy_event *event,
                         struct proxy_response *response, struct err *err)
{
    (void)api;
    proxy_response_header(response, "X-Mine", "1");
    proxy_response_stream(response);
    for (int i = 0; i < 100000 && !response->body.failed; i++)
        buf_add_text(&response->body, "12345");
    return str_is(event->method, "POST") ? err_set(err, "it failed") : 0;
}

static const struct route stream_route[] = {
    {"stream", "/stream", "GET, HEAD, POST", handle_stream, .internal = true}};

/* Answer by handle_stream(), where the client takes `n_taken` pieces. Returns the return value. */
static int answer_stream(struct front_end *front, struct pieces *pieces, const char *method,
                         size_t n_taken)
{
    front_end_init(front, method, "/stream", "");
    *pieces = (struct pieces){.n_taken = n_taken};
    front->api.pinned = stream_route;
    front->response.send_piece = send_piece;
    front->response.send_arg = pieces;
    return answer(front);
}

static void free_stream(struct front_end *front, struct pieces *pieces)
{
    buf_free(&pieces->body);
    front_end_free(front);
}

static void test_stream(void)
{
    struct front_end front;
    struct pieces pieces;
    ok(answer_stream(&front, &pieces, "GET", SIZE_MAX) == 0, "a stream is answered");
    ok(pieces.n > 1 && front.response.is_begun && pieces.had_head,
       "it is sent in pieces, with its headers: %zu", pieces.n);
    ok(front.response.body.cap <= 2 * scale.piece, "it takes little memory: %zu",
       front.response.body.cap);
    ok(pieces.body.len + front.response.body.len == 500001, "nothing of it is lost");
    ok(front.response.content_length == 500001, "its length is known at the end: %zu",
       front.response.content_length);
    free_stream(&front, &pieces);

    ok(answer_stream(&front, &pieces, "HEAD", SIZE_MAX) == 0, "HEAD of a stream is answered");
    ok(pieces.n == 0 && front.response.body.len == 0, "HEAD sends nothing of the body");
    ok(front.response.content_length == 500001, "HEAD has the length that GET would have: %zu",
       front.response.content_length);
    free_stream(&front, &pieces);

    ok(answer_stream(&front, &pieces, "GET", 2) == 0, "a client that goes is no failure");
    ok(front.response.is_broken && pieces.n == 3, "the stream stops: %zu pieces", pieces.n);
    free_stream(&front, &pieces);

    ok(answer_stream(&front, &pieces, "POST", SIZE_MAX) == -1, "a stream can fail");
    ok(front.response.is_broken, "then the front end must not end it as if it were whole");
    is_text(front.err.text, "it failed", "the failure has its reason");
    free_stream(&front, &pieces);
}

/* A body with a limit is replaced by a 413, also where the body is collected for HEAD. */
static void test_limit(const char *method, size_t limit, int status)
{
    struct front_end front;
    front_end_init(&front, method, "/stream", "");
    front.api.pinned = stream_route;
    front.response.body.limit = limit;
    ok(answer(&front) == 0, "%s of a body with a limit is answered", method);
    ok(front.response.status == status, "%s of 500,001 bytes, limit %zu: %d", method, limit,
       front.response.status);
    ok(front.response.body.cap <= limit, "the body takes no more than its limit: %zu",
       front.response.body.cap);
    front_end_free(&front);
}

int main(void)
{
    tap_plan(369);
    test_order_of_refusals();
    test_head();
    test_pinned();
    test_no_cors("GET", "{\"result\": 3.0}");
    test_no_cors("OPTIONS", "");
    test_revision("GET", "/calculator", "0123456789abcdef");
    test_revision("GET", "/nowhere", "0123456789abcdef");
    test_revision("OPTIONS", "/calculator", "(none)");
    test_extra_routes();
    test_etag();
    test_if_none_match();
    test_no_snapshot();
    test_refuse("GET", "{\"error\": \"Response too large\"}");
    test_refuse("HEAD", "");
    test_no_images();
    test_failure();
    test_media_types();
    test_languages();
    test_misspelt();
    test_response();
    test_stream();
    test_limit("GET", 500001, 200);
    test_limit("GET", 500000, 413);
    test_limit("HEAD", 500000, 413);
    return tap_done();
}
