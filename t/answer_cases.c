/*
 * answer_cases SNAPSHOT: answers requests by route_answer(), for t/handlers.t, which compares the
 * responses with the cases in t/cases/.
 *
 * Each line of input is a request, a JSON object with "method", "path", "query", "content_type",
 * "accept_language" and "body" (in hexadecimal). Each line of output is the response, a JSON object with "status",
 * "headers", "content_length" and "body" (in hexadecimal).
 */
#include "api/json.h"
#include "api/route.h"
#include "snapshot/snapshot.h"
#include "util/url.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* What a front end keeps between requests. */
struct front_end {
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

static void print_answer(struct front_end *front)
{
    const struct proxy_response *response = &front->response;
    struct buf *line = &front->line;
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

/* Make an event of a request as a front end does, answer it, and print the response. */
static int answer_request(struct front_end *front, const json_t *request, struct err *err)
{
    struct err wrong;
    enum refusal fault = REFUSE_NOTHING;
    url_params_reset(&front->params);
    buf_reset(&front->path);
    buf_reset(&front->body);
    if (url_decode(text_of(request, "path"), false, &front->path, &wrong))
        fault = REFUSE_BAD_ESCAPE;
    else
        fault = refusal_of_url(url_parse_query(&front->params, text_of(request, "query"), &wrong));
    unhex(text_of(request, "body"), &front->body);
    struct proxy_event event = {
        .method = text_of(request, "method"),
        .path = buf_str(&front->path),
        .content_type = text_of(request, "content_type"),
        .accept_language = text_of(request, "accept_language"),
        .body = buf_str(&front->body),
        .params = &front->params,
        .fault = fault,
    };
    const struct route *route = route_find(&front->api, event.path);
    if (route_answer(&front->api, route, &event, &front->response, err))
        return -1;
    print_answer(front);
    return 0;
}

static int answer_all(struct front_end *front, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    int status = 0;
    while (!status && getline(&line, &size, stdin) > 0) {
        json_t *request = json_loads(line, JSON_ALLOW_NUL, NULL);
        status =
            request ? answer_request(front, request, err) : err_set(err, "a request is not JSON");
        json_decref(request);
    }
    free(line);
    return status;
}

int main(int argc, char **argv)
{
    struct err err;
    struct front_end front = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: answer_cases SNAPSHOT\n");
        return 2;
    }
    int status = snapshot_open(&front.snapshot, argv[1], &err);
    front.api.snapshot = &front.snapshot;
    if (!status)
        status = api_init(&front.api, &err);
    if (!status)
        status = answer_all(&front, &err);
    if (status)
        fprintf(stderr, "answer_cases: %s\n", err.text);
    api_free(&front.api);
    snapshot_close(&front.snapshot);
    proxy_response_free(&front.response);
    url_params_free(&front.params);
    buf_free(&front.path);
    buf_free(&front.body);
    buf_free(&front.line);
    return status ? 1 : 0;
}
