/*
 * GET and POST /keywords: the words that tell most of a text, with their weights.
 */
#include "api/handler.h"
#include "api/json.h"
#include "api/number.h"
#include "api/text_request.h"
#include "segmenter/keywords.h"
#include "util/decimal.h"

#include <ctype.h>

#define MAX_TOP  1000000
#define MAX_TAGS 64 /* in allow_pos */
#define MAX_TAG  16 /* bytes, as in the schema of the store */

typedef int find_keywords(struct segmenter *seg, const struct keyword_query *query,
                          struct keywords *found, struct err *err);

static const struct method {
    const char *name;
    find_keywords *find;
    const char *allow_pos; /* where the request has none; NULL for all */
} methods[] = {
    {"tfidf", keywords_tfidf, NULL},
    {"textrank", keywords_textrank, "ns,n,vn,v"},
};

/* What a request asks for. */
struct asked {
    const struct method *method;
    struct keyword_query query;
    struct str tags[MAX_TAGS]; /* query.allow_pos points here */
};

/* Read "top", decimal digits or a JSON number: how many keywords at most, 0 for all, as jieba has
 * it. */
static bool read_top(const struct text_request *request, size_t *top)
{
    const json_t *number = json_object_get(request->object, "top");
    if (json_is_number(number)) {
        double value = json_number_value(number);
        *top = value >= 0 && value <= MAX_TOP ? (size_t)value : 0;
        return (double)*top == value;
    }
    if (json_is_boolean(number))
        return false;
    struct str digits = text_request_option(request, "top", "20");
    unsigned n;
    if (!decimal_read_range(digits, 0, MAX_TOP, &n))
        return false;
    *top = n;
    return true;
}

static const struct method *find_method(struct str name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (str_is(name, methods[i].name))
            return &methods[i];
    }
    return NULL;
}

static bool is_tag(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (!isalnum(c) && c != '_' && c != '-')
            return false;
    }
    return text.len > 0 && text.len <= MAX_TAG;
}

/* Read a list of tags, "ns,n,vn". */
static bool read_tags(struct str list, struct asked *asked)
{
    for (size_t n = 0; n < MAX_TAGS;) {
        const char *comma = memchr(list.at, ',', list.len);
        size_t len = comma ? (size_t)(comma - list.at) : list.len;
        asked->tags[n] = (struct str){list.at, len};
        if (!is_tag(asked->tags[n++]))
            return false;
        if (!comma) {
            asked->query.allow_pos = asked->tags;
            asked->query.n_allow_pos = n;
            return true;
        }
        list = (struct str){comma + 1, list.len - len - 1};
    }
    return false;
}

/* Read the options; what is wrong with them, or NULL. */
static const char *read_options(const struct text_request *request, struct asked *asked)
{
    asked->method = find_method(text_request_option(request, "method", "tfidf"));
    if (!asked->method)
        return "Invalid method";
    if (!read_top(request, &asked->query.top))
        return "Invalid top";
    const json_t *given = json_object_get(request->object, "allow_pos");
    if (given && !json_is_string(given) && !json_is_null(given))
        return "Invalid allow_pos";
    const char *missing = asked->method->allow_pos;
    if ((missing || text_request_has(request, "allow_pos")) &&
        !read_tags(text_request_option(request, "allow_pos", missing), asked))
        return "Invalid allow_pos";
    return NULL;
}

static void add_keywords(struct buf *body, const struct keywords *keywords)
{
    buf_add_text(body, "{\"keywords\": [");
    for (size_t i = 0; i < keywords->n; i++) {
        buf_add_text(body, i ? ", {\"word\": " : "{\"word\": ");
        json_add_string(body, keywords->at[i].word);
        buf_add_text(body, ", \"weight\": ");
        number_print(body, keywords->at[i].weight);
        buf_add_char(body, '}');
    }
    buf_add_text(body, "]}");
}

/* Answer a request that has been read. */
static int extract(struct api *api, const struct text_request *request,
                   struct proxy_response *response, struct err *err)
{
    struct asked asked = {.query = {.dict = &api->snapshot->dict,
                                    .weights = &api->snapshot->weights,
                                    .text = request->text}};
    struct keywords keywords = {0};
    const char *wrong = read_options(request, &asked);
    if (wrong)
        return proxy_response_error(response, 400, wrong);
    int status = 0;
    if (request->text.len > 0)
        status = asked.method->find(api->seg, &asked.query, &keywords, err);
    if (status < 0)
        return -1;
    if (status > 0)
        return proxy_response_error(response, 400, "Invalid UTF-8");
    add_keywords(&response->body, &keywords);
    keywords_free(&keywords);
    return 0;
}

int handle_keywords(struct api *api, const struct proxy_event *event,
                    struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = extract(api, &request, response, err);
    text_request_free(&request);
    return status;
}
