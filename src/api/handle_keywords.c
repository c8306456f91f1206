/*
 * GET and POST /keywords: the words that tell most of a text, with their weights.
 */
#include "api/handler.h"
#include "api/json.h"
#include "api/number.h"
#include "api/text_request.h"
#include "jieba/keywords.h"

#define MAX_TOP 1000000

static int refuse(struct proxy_response *response, const char *wrong)
{
    proxy_response_error(response, 400, wrong);
    return 0;
}

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
    struct str digits = text_request_option(request, "top", "20");
    *top = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        *top = *top * 10 + (size_t)(digits.at[i] - '0');
        if (*top > MAX_TOP)
            return false;
    }
    return digits.len > 0;
}

static void add_keywords(struct buf *body, const struct jieba_keywords *keywords)
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
    struct jieba_keyword_query query = {
        .dict = &api->snapshot->dict, .weights = &api->snapshot->weights, .text = request->text};
    struct jieba_keywords keywords = {0};
    if (!str_is(text_request_option(request, "method", "tfidf"), "tfidf"))
        return refuse(response, "Invalid method");
    if (!read_top(request, &query.top))
        return refuse(response, "Invalid top");
    int status = 0;
    if (query.text.len > 0)
        status = jieba_tfidf(api->jieba, &query, &keywords, err);
    if (status < 0)
        return -1;
    if (status > 0)
        return refuse(response, "Invalid UTF-8");
    add_keywords(&response->body, &keywords);
    jieba_keywords_free(&keywords);
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
