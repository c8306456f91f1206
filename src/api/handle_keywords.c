/*
 * GET and POST /keywords: extracts the keywords of a text, with their weights.
 */
#include "api/caching.h"
#include "api/handler.h"
#include "api/json.h"
#include "api/limits.h"
#include "api/number.h"
#include "api/text_request.h"
#include "segmenter/dict.h"
#include "segmenter/keywords.h"
#include "util/decimal.h"
#include "util/utf8.h"

#include <ctype.h>

typedef int find_keywords(struct segmenter *seg, const struct keyword_query *query,
                          struct keywords *found, struct err *err);

static const struct method {
    const char *name;
    find_keywords *find;
    const char *allow_pos; /* The default of allow_pos; NULL for words of any part of speech. */
} methods[] = {
    {"tfidf", keywords_tfidf, NULL},
    {"textrank", keywords_textrank, "ns,n,vn,v"},
};

/* The names of the options, for text_request_check_names(). */
static const char *const option_names[] = {"method", "top", "allow_pos", NULL};

/* A request, once its options are read. */
struct keywords_request {
    const struct method *method;
    struct keyword_query query;
    struct str tags[KEYWORDS_MAX_TAGS]; /* The tags that query.allow_pos points to. */
};

/* Read the option top, which is a JSON number or decimal digits. Returns false where it is neither,
 * or out of range. */
static bool read_top(struct text_request *request, size_t *top)
{
    const json_t *number = json_object_get(request->object, "top");
    if (json_is_number(number)) {
        double value = json_number_value(number);
        *top = value >= 0 && value <= KEYWORDS_MAX_TOP ? (size_t)value : 0;
        return (double)*top == value;
    }
    if (json_is_boolean(number))
        return false;
    unsigned n = KEYWORDS_DEFAULT_TOP;
    struct str digits;
    if (text_request_find(request, "top", &digits) &&
        !decimal_read_range(digits, 0, KEYWORDS_MAX_TOP, &n))
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

/* Return whether a text can be a part-of-speech tag. */
static bool is_tag(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (!isalnum(c) && c != '_' && c != '-')
            return false;
    }
    return text.len > 0 && text.len <= TAG_SIZE;
}

/* Refuse a tag of allow_pos, or the number of tags where `n` is not 0. Returns 1. */
static int refuse_tag(struct str tag, size_t n, struct proxy_response *response)
{
    struct refusal_values values = {.parameter = "allow_pos", .value = tag, .n = n};
    proxy_response_refuse(response, n ? REFUSE_ALLOW_POS_COUNT : REFUSE_ALLOW_POS_TAG, &values);
    return 1;
}

/* Read a list of tags, "ns, n, vn". Returns 0, or 1 where `response` refuses it. */
static int read_tags(struct str list, struct keywords_request *request,
                     struct proxy_response *response)
{
    size_t n = 0;
    bool more;
    do {
        more = list.len > 0 && memchr(list.at, ',', list.len);
        struct str tag = str_trim(str_cut(&list, ','), STR_BLANKS);
        if (n == KEYWORDS_MAX_TAGS)
            return refuse_tag(tag, n, response);
        if (!is_tag(tag))
            return refuse_tag(tag, 0, response);
        request->tags[n++] = tag;
    } while (more);
    request->query.allow_pos = request->tags;
    request->query.n_allow_pos = n;
    return 0;
}

/* Read the option allow_pos. Returns 0, or 1 where `response` refuses it. */
static int read_allow_pos(struct text_request *text, struct keywords_request *request,
                          struct proxy_response *response)
{
    const json_t *given = json_object_get(text->object, "allow_pos");
    if (given && !json_is_string(given) && !json_is_null(given))
        return text_request_refuse_option(text, REFUSE_ALLOW_POS_TYPE, "allow_pos", "", response);
    struct str list = str_of(request->method->allow_pos);
    if (!text_request_find(text, "allow_pos", &list) && !request->method->allow_pos)
        return 0;
    return read_tags(list, request, response);
}

/* Read the options. Returns 0, or 1 where `response` refuses them. */
static int read_options(struct text_request *text, struct keywords_request *request,
                        struct proxy_response *response)
{
    struct str name = str_of("tfidf");
    text_request_find(text, "method", &name);
    request->method = find_method(name);
    if (!request->method)
        return text_request_refuse_option(text, REFUSE_CHOICE, "method", "tfidf, textrank",
                                          response);
    if (!read_top(text, &request->query.top))
        return text_request_refuse_option(text, REFUSE_INTEGER, "top",
                                          "0–" LIMIT_TEXT(KEYWORDS_MAX_TOP), response);
    return read_allow_pos(text, request, response);
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

/* Answer a request whose text has been read. */
static int answer_keywords(struct api *api, struct text_request *text,
                           struct proxy_response *response, struct err *err)
{
    struct keywords_request request = {.query = {.dict = &api->snapshot->dict,
                                                 .weights = &api->snapshot->weights,
                                                 .text = text->text}};
    struct keywords keywords = {0};
    if (text->text.len > KEYWORDS_MAX_TEXT)
        return proxy_response_refuse(response, REFUSE_KEYWORDS_SIZE,
                                     &(struct refusal_values){.parameter = "text"});
    if (read_options(text, &request, response))
        return 0;
    if (!text->has_text)
        return text_request_refuse_missing(text, response);
    if (text_request_check_names(text, option_names, response))
        return 0;
    if (text->event->if_none_match.len > 0 && !utf8_is_valid(text->text))
        return text_request_refuse_utf8(text->text, response);
    if (caching_begin(text->event, api->snapshot->revision, CACHING_SNAPSHOT, response))
        return 0;
    int status = 0;
    if (text->text.len > 0)
        status = request.method->find(api->seg, &request.query, &keywords, err);
    if (status < 0)
        return -1;
    if (status > 0)
        return text_request_refuse_utf8(text->text, response);
    proxy_response_stream(response);
    add_keywords(&response->body, &keywords);
    keywords_free(&keywords);
    return 0;
}

int handle_keywords(struct api *api, const struct proxy_event *event,
                    struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, api, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = answer_keywords(api, &request, response, err);
    text_request_free(&request);
    return status;
}
