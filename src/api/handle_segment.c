/*
 * GET and POST /segment: segments a Chinese text, or many texts, into words. On request it adds their
 * parts of speech and positions, and explains how a text was segmented.
 */
#include "api/caching.h"
#include "api/explanation.h"
#include "api/handler.h"
#include "api/json_read.h"
#include "api/limits.h"
#include "api/text_request.h"
#include "api/words.h"
#include "segmenter/offsets.h"
#include "util/scale.h"
#include "util/utf8.h"

struct options {
    struct words_options words;
    bool explain;
};

/* The names of the options, for text_request_check_names(). */
static const char *const option_names[] = {"mode", "hmm", "pos", "offsets", "explain", NULL};

static const struct {
    const char *name;
    enum segment_mode mode;
} modes[] = {
    {"accurate", SEGMENT_ACCURATE},
    {"full", SEGMENT_FULL},
    {"search", SEGMENT_SEARCH},
};

/* Read the option mode. Returns false where it is invalid. */
static bool read_mode(struct str name, enum segment_mode *mode)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (str_is(name, modes[i].name)) {
            *mode = modes[i].mode;
            return true;
        }
    }
    return false;
}

/* Refuse options that cannot be combined. Returns 0, or 1 where `response` refuses them. */
static int check_conflicts(const struct options *options, struct proxy_response *response)
{
    enum segment_mode mode = options->words.mode;
    enum refusal refusal = words_conflict(&options->words);
    const char *name = refusal == REFUSE_POS_MODE ? "pos" : "offsets";
    if (options->explain && (mode != SEGMENT_ACCURATE || options->words.pos)) {
        refusal = mode != SEGMENT_ACCURATE ? REFUSE_EXPLAIN_MODE : REFUSE_EXPLAIN_POS;
        name = "explain";
    }
    if (refusal == REFUSE_NOTHING)
        return 0;
    proxy_response_refuse(response, refusal, &(struct refusal_values){.parameter = name});
    return 1;
}

/* Read the options. Returns 0, or 1 where `response` refuses them. */
static int read_options(struct text_request *request, struct options *options,
                        struct proxy_response *response)
{
    struct words_options *words = &options->words;
    struct str mode;
    *options = (struct options){.words = {.mode = SEGMENT_ACCURATE, .hmm = true}};
    if (text_request_find(request, "mode", &mode) && !read_mode(mode, &words->mode))
        return text_request_refuse_option(request, REFUSE_CHOICE, "mode", "accurate, full, search",
                                          response);
    if (text_request_flag(request, "hmm", &words->hmm, response) ||
        text_request_flag(request, "pos", &words->pos, response) ||
        text_request_flag(request, "offsets", &words->offsets, response) ||
        text_request_flag(request, "explain", &options->explain, response))
        return 1;
    return check_conflicts(options, response);
}

static size_t count_characters(struct str text)
{
    return char_count(text.at, text.at + text.len);
}

/* Refuse a text that has too many characters. */
static int refuse_length(struct str text, enum refusal refusal, struct proxy_response *response)
{
    struct refusal_values values = {.parameter = "text", .n = count_characters(text)};
    return proxy_response_refuse(response, refusal, &values);
}

/* Answer a request for one text. */
static int answer_text(struct api *api, const struct text_request *request,
                       const struct options *options, struct proxy_response *response,
                       struct err *err)
{
    struct buf *body = &response->body;
    struct str text = request->text;
    if (options->explain && count_characters(text) > EXPLAIN_MAX)
        return refuse_length(text, REFUSE_EXPLAIN_LENGTH, response);
    if (text.len > SEGMENT_MAX_CHARACTERS && count_characters(text) > SEGMENT_MAX_CHARACTERS)
        return refuse_length(text, REFUSE_TEXT_LENGTH, response);
    /* The segmenter itself checks the UTF-8 of a short text. A streamed answer can no longer be refused, nor
     * can a 304. */
    bool is_short = text.len <= scale.short_text;
    if ((!is_short || request->event->if_none_match.len > 0) && !utf8_is_valid(text))
        return text_request_refuse_utf8(text, response);
    if (caching_begin(request->event, api->snapshot->revision, CACHING_SNAPSHOT, response))
        return 0;
    if (!is_short)
        proxy_response_stream(response);
    buf_add_char(body, '{');
    int status = words_add(api, text, &options->words, body, err);
    if (status > 0)
        return text_request_refuse_utf8(text, response);
    if (!status && options->explain) {
        buf_add_text(body, ", \"explain\": ");
        status = explanation_print(body, &api->snapshot->dict, text, options->words.hmm, err);
    }
    buf_add_char(body, '}');
    return status;
}

/* Refuse the member texts for its elements. Returns 0, or 1 where `response` refuses it. */
static int check_texts(const json_t *texts, struct proxy_response *response)
{
    char room[TEXT_REQUEST_SHOWN];
    struct refusal_values values = {.parameter = "texts", .n = json_array_size(texts)};
    if (values.n > SEGMENT_MAX_TEXTS) {
        proxy_response_refuse(response, REFUSE_TEXTS_COUNT, &values);
        return 1;
    }
    size_t characters = 0;
    for (size_t i = 0, n = values.n; i < n; i++) {
        const json_t *text = json_array_get(texts, i);
        characters += count_characters(json_read_text(text));
        if (json_is_string(text))
            continue;
        values.value = text_request_show(text, room);
        values.n = i;
        values.has_index = true;
        proxy_response_refuse(response, REFUSE_TEXTS_ELEMENT, &values);
        return 1;
    }
    if (characters <= SEGMENT_MAX_CHARACTERS)
        return 0;
    values.n = characters;
    proxy_response_refuse(response, REFUSE_TEXTS_LENGTH, &values);
    return 1;
}

/* Answer a request for many texts. They need no check of UTF-8, since Jansson has read them. */
static int answer_texts(struct api *api, const json_t *texts, const struct options *options,
                        struct proxy_response *response, struct err *err)
{
    struct buf *body = &response->body;
    size_t n = json_array_size(texts);
    if (check_texts(texts, response))
        return 0;
    proxy_response_stream(response);
    buf_add_text(body, "{\"results\": [");
    for (size_t i = 0; i < n; i++) {
        struct str text = json_read_text(json_array_get(texts, i));
        buf_add_text(body, i ? ", {" : "{");
        if (words_add(api, text, &options->words, body, err))
            return -1;
        buf_add_char(body, '}');
    }
    buf_add_text(body, "]}");
    return 0;
}

/* Refuse the member texts as a whole. Returns 0. */
static int refuse_texts(const struct text_request *request, enum refusal refusal,
                        struct proxy_response *response)
{
    text_request_refuse_option(request, refusal, "texts", "", response);
    return 0;
}

/* Answer a request whose body has been read. */
static int answer_segment(struct api *api, struct text_request *request,
                          struct proxy_response *response, struct err *err)
{
    struct options options;
    if (read_options(request, &options, response))
        return 0;
    const json_t *texts = json_object_get(request->object, "texts");
    const json_t *text = json_object_get(request->object, "text");
    if ((!texts || json_is_null(texts)) && !request->has_text)
        return text_request_refuse_missing(request, response);
    if (text_request_check_names(request, option_names, response))
        return 0;
    if (!texts || json_is_null(texts))
        return answer_text(api, request, &options, response, err);
    if (text && !json_is_null(text))
        return refuse_texts(request, REFUSE_TEXTS_AND_TEXT, response);
    if (!json_is_array(texts))
        return refuse_texts(request, REFUSE_TEXTS_TYPE, response);
    if (options.explain)
        return refuse_texts(request, REFUSE_EXPLAIN_TEXTS, response);
    return answer_texts(api, texts, &options, response, err);
}

int handle_segment(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, api, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = answer_segment(api, &request, response, err);
    text_request_free(&request);
    return status;
}
