/* Responses: refusals, entity tags, bodies that are sent in pieces, and limits. */
#include "front_end.h"

#include <stdint.h>

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
    proxy_response_refuse(&response, REFUSE_CHOICE,
                          &(struct refusal_values){.parameter = "mode",
                                                   .value = str_of("a \"b\" \xFF"),
                                                   .allowed = "c, d",
                                                   .n = 7,
                                                   .has_index = true});
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

/* A response that cannot be sent is replaced by a whole one: headers, length and body. */
static void test_refuse(const char *method, const char *body)
{
    struct front_end front;
    front_end_init(&front, method, "/openapi.json", "");
    ok(front_end_answer(&front) == 0, "%s /openapi.json is answered", method);
    is_text(front_end_header(&front, "Cache-Control"), "max-age=300",
            "GET /openapi.json may be cached for 300 s");
    route_refuse(&front.api, route_find(&front.api, front.event.path), &front.event,
                 &front.response, REFUSE_LARGE_ANSWER);
    ok(front.response.status == 413, "the refusal has status 413: %d", front.response.status);
    ok(front_end_has_body(&front, body), "the refusal to %s has the body '%s'", method, body);
    ok(front.response.content_length > strlen(body) &&
           (front.response.body.len == 0 ||
            front.response.content_length == front.response.body.len),
       "the refusal has the length of its own body");
    is_text(front_end_header(&front, "Cache-Control"), "(none)",
            "a refusal has no header of the response that it replaces");
    is_text(front_end_header(&front, "Content-Type"), PROXY_JSON,
            "a refusal has the Content-Type of JSON");
    front_end_free(&front);
}

/* Return the ETag of the answer to a request. The text is valid until the next call. */
static const char *etag_of(const char *method, const char *query)
{
    static char etag[64];
    struct front_end front;
    front_end_init(&front, method, "/calculator", query);
    front_end_answer(&front);
    snprintf(etag, sizeof etag, "%s", front_end_header(&front, "ETag"));
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
        ok(front_end_answer(&front) == 0 && front.response.status == rows[i].status,
           "%s ?%s with If-None-Match: %s is answered with %d", rows[i].method, rows[i].query, list,
           rows[i].status);
        ok((front.response.body.len == 0) == (rows[i].status == 304), "only a 304 has no body");
        bool is_refusal = rows[i].status >= 400;
        ok(!strcmp(front_end_header(&front, "ETag"), "(none)") == is_refusal &&
               !strcmp(front_end_header(&front, "Cache-Control"), "(none)") == is_refusal &&
               !strcmp(front_end_header(&front, "Vary"),
                       is_refusal ? "Accept-Language" : "Accept-Encoding"),
           "all but refusals have ETag, Cache-Control, and Vary for the encoding");
        front_end_free(&front);
    }
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
    return front_end_answer(front);
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
    ok(front_end_answer(&front) == 0, "%s of a body with a limit is answered", method);
    ok(front.response.status == status, "%s of 500,001 bytes, limit %zu: %d", method, limit,
       front.response.status);
    ok(front.response.body.cap <= limit, "the body takes no more than its limit: %zu",
       front.response.body.cap);
    front_end_free(&front);
}

int main(void)
{
    tap_plan(166);
    test_etag();
    test_if_none_match();
    test_refuse("GET", "{\"error\": \"Response too large\"}");
    test_refuse("HEAD", "");
    test_response();
    test_stream();
    test_limit("GET", 500001, 200);
    test_limit("GET", 500000, 413);
    test_limit("HEAD", 500000, 413);
    return tap_done();
}
