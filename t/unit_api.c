/* Routes, as far as the cases in t/cases/ do not test them. */
#include "front_end.h"

#include <stdint.h>

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
        front_end_answers(&front, rows[i].status, rows[i].body);
        front_end_free(&front);
    }
}

static void test_head(void)
{
    struct front_end front;
    front_end_init(&front, "HEAD", "/calculator", SUM);
    front_end_answers(&front, 200, "");
    ok(front.response.content_length == strlen("{\"result\": 3.0}\n"),
       "HEAD has the Content-Length of GET");
    front_end_free(&front);
}

static void test_pinned(void)
{
    struct front_end front;
    front_end_init(&front, "GET", "/any/path", SUM);
    front.api.pinned = route_by_name(str_of("calculator"));
    front_end_answers(&front, 200, "{\"result\": 3.0}");
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
    front_end_answers(&front, *expected ? 200 : 204, expected);
    is_text(front_end_header(&front, "Access-Control-Allow-Origin"), "*",
            "the response has the CORS header");
    front.api.no_cors = true;
    front_end_answers(&front, *expected ? 200 : 204, expected);
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
    front_end_answer(&front);
    is_text(front_end_header(&front, "Serverful-Revision"), expected,
            "the revision of the snapshot");
    front.snapshot.revision[0] = '\0';
    front_end_answer(&front);
    is_text(front_end_header(&front, "Serverful-Revision"), "(none)",
            "no revision without a snapshot");
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
        front_end_answers(&front, rows[i].status, rows[i].body);
        is_text(front_end_header(&front, "Cache-Control"), rows[i].cache, cache);
        is_text(front_end_header(&front, "Access-Control-Allow-Origin"), rows[i].cors, cors);
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
    front_end_answers(&front, 503, refusal);
    is_text(front_end_header(&front, "Retry-After"), "1", "a 503 has Retry-After");
    is_text(front_end_header(&front, "Access-Control-Expose-Headers"), "Retry-After",
            "scripts of other sites may read Retry-After");
    is_text(front_end_header(&front, "Content-Type"), PROXY_JSON, "a 503 has Content-Type");
    is_text(front_end_header(&front, "Access-Control-Allow-Origin"), "*",
            "a 503 has the CORS header");
    ok(front.response.content_length == front.response.body.len, "a 503 has Content-Length");
    front.api.no_cors = true;
    front_end_answers(&front, 503, refusal);
    is_text(front_end_header(&front, "Access-Control-Expose-Headers"), "(none)",
            "with no_cors, they may not");
    front.event.path = str_of("/own");
    front_end_answers(&front, 200, "context");
    front.event.path = str_of("/nowhere");
    front_end_answers(&front, 404, "{\"error\": \"Not found\"}");
    front_end_free(&front);
}

static void test_no_images(void)
{
    struct front_end front;
    front_end_init(&front, "GET", "/random-image", "");
    front_end_answers(&front, 404, "{\"error\": \"No images\"}");
    is_text(front_end_header(&front, "Cache-Control"), "(none)",
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
    ok(front_end_answer(&front) == -1, "route_answer fails when memory runs out");
    ok(strstr(front.err.text, "out of memory") != NULL, "the error gives the reason: %s",
       front.err.text);
    ok(front.response.status == 500, "the failure becomes a 500");
    ok(front_end_has_body(&front, "{\"error\": \"Internal server error\"}"), "the 500 is JSON");
    is_text(front_end_header(&front, "Access-Control-Allow-Origin"), "*",
            "the 500 has the CORS header");
    front_end_free(&front);
#endif
}

int main(void)
{
    tap_plan(147);
    test_order_of_refusals();
    test_head();
    test_pinned();
    test_no_cors("GET", "{\"result\": 3.0}");
    test_no_cors("OPTIONS", "");
    test_revision("GET", "/calculator", "0123456789abcdef");
    test_revision("GET", "/nowhere", "0123456789abcdef");
    test_revision("OPTIONS", "/calculator", "(none)");
    test_extra_routes();
    test_no_snapshot();
    test_no_images();
    test_failure();
    return tap_done();
}
