/*
 * GET and POST /segment: cuts Chinese text into words.
 *
 * The words go from the segmenter straight into the body. What a request asks for is text, whether
 * it comes from the query, from a JSON object or from a plain body; a handler below fills it in and
 * cut() does the rest.
 */
#include "api/handler.h"
#include "api/json.h"
#include "api/media_type.h"

#include <jansson.h>

/* What a request asks for; borrowed like the event. */
struct request {
    struct str text;
    struct str mode; /* one of `modes` */
    struct str hmm;  /* "1" or "0" */
};

static const struct {
    const char *name;
    enum jieba_mode mode;
} modes[] = {
    {"accurate", JIEBA_ACCURATE},
    {"full", JIEBA_FULL},
    {"search", JIEBA_SEARCH},
};

static int refuse(struct proxy_response *response, int status, const char *wrong)
{
    proxy_response_error(response, status, wrong);
    return 0;
}

static bool read_mode(struct str name, enum jieba_mode *mode)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (str_is(name, modes[i].name)) {
            *mode = modes[i].mode;
            return true;
        }
    }
    return false;
}

/* Takes words from the segmenter. Want of memory is remembered in the body, and route_answer()
 * asks. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct buf *body = arg;
    if (n > 0 && body->len > 0 && body->at[body->len - 1] != '[')
        buf_add_text(body, ", ");
    json_add_strings(body, words, n);
    return 0;
}

/* Answer a request that has been read. */
static int cut(struct api *api, const struct request *request, struct proxy_response *response,
               struct err *err)
{
    enum jieba_mode mode;
    if (!read_mode(request->mode, &mode))
        return refuse(response, 400, "Invalid mode");
    bool hmm = str_is(request->hmm, "1");
    if (!hmm && !str_is(request->hmm, "0"))
        return refuse(response, 400, "Invalid hmm");
    buf_add_text(&response->body, "{\"words\": [");
    if (request->text.len > 0) {
        int status = jieba_cut(api->jieba, &api->snapshot->dict, request->text, mode, hmm,
                               add_words, &response->body, err);
        if (status < 0)
            return -1;
        if (status > 0)
            return refuse(response, 400, "Invalid UTF-8");
    }
    buf_add_text(&response->body, "]}");
    return 0;
}

/* A parameter of the query, or `missing`. */
static struct str query_value(const struct proxy_event *event, const char *name,
                              const char *missing)
{
    const struct str *value = url_param(event->params, name);
    return value ? *value : str_of(missing);
}

/* The request of a query, without its text. */
static struct request read_query(const struct proxy_event *event)
{
    return (struct request){
        .text = str_of(""),
        .mode = query_value(event, "mode", "accurate"),
        .hmm = query_value(event, "hmm", "1"),
    };
}

static struct str json_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

/* "1" or "0" for what JSON has for yes and no; "" for anything else. */
static struct str json_flag(const json_t *value)
{
    if (json_is_string(value))
        return json_text(value);
    if (json_is_true(value) || (json_is_number(value) && json_number_value(value) == 1))
        return str_of("1");
    if (json_is_false(value) || (json_is_number(value) && json_number_value(value) == 0))
        return str_of("0");
    return str_of("");
}

/* Take over what a JSON object asks for; a key that is missing or null leaves the request as it is.
 * Returns false where "text" is no text. */
static bool read_object(const json_t *object, struct request *request)
{
    const json_t *text = json_object_get(object, "text");
    const json_t *mode = json_object_get(object, "mode");
    const json_t *hmm = json_object_get(object, "hmm");
    if (json_is_string(text))
        request->text = json_text(text);
    else if (text && !json_is_null(text))
        return false;
    if (mode && !json_is_null(mode))
        request->mode = json_is_string(mode) ? json_text(mode) : str_of("");
    if (hmm && !json_is_null(hmm))
        request->hmm = json_flag(hmm);
    return true;
}

/* Answer a body that Jansson refused. */
static int refuse_json(struct proxy_response *response, json_error_t *error, struct err *err)
{
    if (*error->text == '\0')
        return err_set(err, "out of memory while reading a JSON body");
    if (json_error_code(error) == json_error_invalid_utf8)
        return refuse(response, 400, "Invalid UTF-8");
    char *near =
        strstr(error->text, " near '"); /* then a piece of the body, perhaps half a character */
    if (near)
        *near = '\0';
    struct err wrong;
    err_set(&wrong, "Invalid JSON: %s (line %d, column %d)", error->text, error->line,
            error->column);
    return refuse(response, 400, wrong.text);
}

static int cut_json(struct api *api, const struct proxy_event *event,
                    struct proxy_response *response, struct err *err)
{
    /* Integers are read as real numbers, so that one of any size is no error. */
    json_error_t error;
    json_t *root = json_loadb(event->body.len ? event->body.at : "", event->body.len,
                              JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (!root)
        return refuse_json(response, &error, err);
    struct request request = read_query(event);
    int status;
    if (!json_is_object(root))
        status = refuse(response, 400, "Invalid JSON: not an object");
    else if (!read_object(root, &request))
        status = refuse(response, 400, "Invalid text");
    else
        status = cut(api, &request, response, err);
    json_decref(root);
    return status;
}

int handle_segment(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    struct request request = read_query(event);
    if (!str_is(event->method, "POST")) {
        request.text = query_value(event, "text", "");
        return cut(api, &request, response, err);
    }
    if (media_type_is(event->content_type, "application/json"))
        return cut_json(api, event, response, err);
    if (media_type_is(event->content_type, "text/plain")) {
        request.text = event->body;
        return cut(api, &request, response, err);
    }
    return refuse(response, 415, "Unsupported media type");
}
