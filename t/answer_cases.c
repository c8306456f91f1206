/*
 * answer_cases SNAPSHOT < requests > answers: puts requests straight to route_answer(), for
 * t/handlers.t, which compares the answers with the cases in t/cases/.
 *
 * A request is a line of JSON with "method", "path", "query", "content_type" (text) and "body" (in
 * hexadecimal). An answer is a line of JSON with "status", "headers" (an object), "content_length"
 * and "body" (in hexadecimal).
 */
#include "api/json.h"
#include "api/route.h"
#include "snapshot/snapshot.h"
#include "util/url.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* Kept between requests, as the edges keep them. */
struct edge {
    struct snapshot snapshot;
    struct api api;
    struct proxy_response response;
    struct url_params params;
    struct buf path, body, line;
};

static struct str text_of(const json_t *request, const char *key)
{
    const json_t *text = json_object_get(request, key);
    return (struct str){json_string_value(text), json_string_length(text)};
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void unhex(struct str hex, struct buf *out)
{
    for (size_t i = 0; i + 2 <= hex.len; i += 2)
        buf_add_char(out, (char)(digit(hex.at[i]) << 4 | digit(hex.at[i + 1])));
}

static void print_answer(struct edge *edge)
{
    const struct proxy_response *response = &edge->response;
    struct buf *line = &edge->line;
    buf_reset(line);
    buf_print(line, "{\"status\": %d, \"headers\": {", response->status);
    for (size_t i = 0; i < response->n_headers; i++) {
        buf_add_text(line, i ? ", " : "");
        json_add_string(line, str_of(response->headers[i].name));
        buf_add_text(line, ": ");
        json_add_string(line, response->headers[i].value);
    }
    buf_print(line, "}, \"content_length\": %zu, \"body\": \"", response->content_length);
    for (size_t i = 0; i < response->body.len; i++)
        buf_print(line, "%02x", (unsigned char)response->body.at[i]);
    printf("%.*s\"}\n", (int)line->len, line->at);
}

/* Make an event of a request, as an edge does, and answer it. */
static int answer(struct edge *edge, const json_t *request, struct err *err)
{
    struct err wrong;
    struct proxy_fault fault = {0};
    url_params_reset(&edge->params);
    buf_reset(&edge->path);
    buf_reset(&edge->body);
    if (url_decode(text_of(request, "path"), false, &edge->path, &wrong) ||
        url_parse_query(&edge->params, text_of(request, "query"), &wrong))
        fault = (struct proxy_fault){400, wrong.text};
    unhex(text_of(request, "body"), &edge->body);
    struct proxy_event event = {
        .method = text_of(request, "method"),
        .path = buf_str(&edge->path),
        .content_type = text_of(request, "content_type"),
        .body = buf_str(&edge->body),
        .params = &edge->params,
        .fault = fault,
    };
    const struct route *route = route_find(&edge->api, event.path);
    if (route_answer(&edge->api, route, &event, &edge->response, err))
        return -1;
    print_answer(edge);
    return 0;
}

static int answer_all(struct edge *edge, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    int status = 0;
    while (!status && getline(&line, &size, stdin) > 0) {
        json_t *request = json_loads(line, JSON_ALLOW_NUL, NULL);
        status = request ? answer(edge, request, err) : err_set(err, "a request is no JSON");
        json_decref(request);
    }
    free(line);
    return status;
}

int main(int argc, char **argv)
{
    struct err err;
    struct edge edge = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: answer_cases SNAPSHOT\n");
        return 2;
    }
    int status = snapshot_open(&edge.snapshot, argv[1], &err);
    edge.api.snapshot = &edge.snapshot;
    if (!status)
        status = api_init(&edge.api, &err);
    if (!status)
        status = answer_all(&edge, &err);
    if (status)
        fprintf(stderr, "answer_cases: %s\n", err.text);
    api_free(&edge.api);
    snapshot_close(&edge.snapshot);
    proxy_response_free(&edge.response);
    url_params_free(&edge.params);
    buf_free(&edge.path);
    buf_free(&edge.body);
    buf_free(&edge.line);
    return status ? 1 : 0;
}
