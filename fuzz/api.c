/*
 * api: fuzzes the handlers through the table of routes. The input is three bytes, which choose method,
 * path and content type; then the query, a NUL, and the body.
 *
 * Each event is answered three times: whole; in pieces, which must be the same bytes under the same
 * head; and, as the first byte chooses, in pieces for a client that goes, or with a limit.
 */
#include "api/route.h"
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"

/* What a client has received. */
struct client {
    struct buf body;
    size_t n_pieces;
    size_t patience; /* The number of pieces after which it goes. */
    int status;
    size_t n_headers;
};

static const char *const methods[] = {"GET", "POST", "HEAD", "OPTIONS", "PUT", ""};
static const char *const types[] = {"application/json",
                                    "text/plain",
                                    "Text/Plain; Charset=utf-8",
                                    "application/json;charset=latin1",
                                    "",
                                    "application/x-www-form-urlencoded"};

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

/* Answer the event. */
static void answer(const struct proxy_event *event, struct proxy_response *response)
{
    struct err err;
    const struct route *route = route_find(answer_api(), event->path);
    HOLDS(!route_answer(answer_api(), route, event, response, &err));
}

static void check_whole(const struct proxy_event *event, const struct proxy_response *response)
{
    bool head = str_is(event->method, "HEAD");
    HOLDS(head || response->content_length == response->body.len);
    HOLDS(!response->is_begun && !response->is_broken);
    HOLDS(response->n_headers <= PROXY_MAX_HEADERS);
    for (size_t i = 0; i < response->n_headers; i++) {
        for (size_t k = 0; k < response->headers[i].value.len; k++)
            HOLDS((unsigned char)response->headers[i].value.at[k] >= ' ');
    }
    answer_check(response->status, buf_str(&response->body), head);
}

/* Take a piece of the body; the first one comes with the head. */
static int take_piece(void *arg, const struct proxy_response *response, struct str piece)
{
    struct client *client = arg;
    HOLDS(client->n_pieces < client->patience && response->is_begun == (client->n_pieces > 0));
    client->status = client->n_pieces ? client->status : response->status;
    client->n_headers = client->n_pieces ? client->n_headers : response->n_headers;
    buf_add_str(&client->body, piece);
    return ++client->n_pieces < client->patience ? 0 : -1;
}

static bool are_same_headers(const struct proxy_response *a, const struct proxy_response *b)
{
    bool same = a->n_headers == b->n_headers;
    for (size_t i = 0; same && i < a->n_headers; i++)
        same = !strcmp(a->headers[i].name, b->headers[i].name) &&
               str_eq(a->headers[i].value, b->headers[i].value);
    return same;
}

/* Answer in pieces, to a client that goes after some. */
static void check_pieces(const struct proxy_event *event, const struct proxy_response *whole,
                         size_t patience)
{
    static struct proxy_response response;
    static struct client client;
    buf_reset(&client.body);
    client.n_pieces = 0;
    client.patience = patience;
    response.send_piece = take_piece;
    response.send_arg = &client;
    answer(event, &response);
    bool is_gone = client.n_pieces == patience;
    HOLDS(response.is_begun == (client.n_pieces > 0) && response.is_broken == is_gone);
    HOLDS(response.status == whole->status && are_same_headers(&response, whole));
    HOLDS(!response.is_begun ||
          (client.status == response.status && client.n_headers == response.n_headers));
    if (!is_gone) {
        HOLDS(response.content_length == whole->content_length);
        buf_add_str(&client.body, buf_str(&response.body));
    }
    struct str sent = buf_str(&client.body);
    HOLDS(is_gone ? sent.len <= whole->body.len : sent.len == whole->body.len);
    HOLDS(!memcmp(sent.at, buf_str(&whole->body).at, sent.len));
}

/* Answer with a limit of the body: with the same bytes, or a 413. */
static void check_limit(const struct proxy_event *event, const struct proxy_response *whole,
                        size_t limit)
{
    struct proxy_response response = {.body = {.limit = limit}};
    answer(event, &response);
    HOLDS(response.body.cap <= limit && !response.body.failed);
    if (response.status == 413 && whole->status != 413)
        answer_check(413, buf_str(&response.body), str_is(event->method, "HEAD"));
    else
        HOLDS(response.status == whole->status && are_same_headers(&response, whole) &&
              str_eq(buf_str(&response.body), buf_str(&whole->body)));
    proxy_response_free(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct url_params params;
    static struct proxy_response whole;
    struct err err;
    struct str input = fuzz_text(data, size);
    struct proxy_event event = {.params = &params};
    unsigned char first = fuzz_byte(&input), how = first / (sizeof methods / sizeof *methods);
    event.method = PICK(methods, first);
    event.path = pick_path(fuzz_byte(&input));
    event.content_type = PICK(types, fuzz_byte(&input));
    event.accept_language = str_of(event.content_type.len % 2 ? "zh" : "en");
    url_params_reset(&params);
    if (url_parse_query(&params, fuzz_field(&input), &err))
        event.fault = REFUSE_BAD_ESCAPE;
    event.body = input;
    answer(&event, &whole);
    check_whole(&event, &whole);
    if (str_is(event.path, "/random-image"))
        return 0; /* another image each time */
    check_pieces(&event, &whole, SIZE_MAX);
    if (how % 2)
        check_pieces(&event, &whole, 1 + how / 2);
    else
        check_limit(&event, &whole, 2048 + (size_t)how * 128);
    return 0;
}
