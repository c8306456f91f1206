/*
 * GET and POST /segment: segments a Chinese text, or many texts, into words. On request it adds their
 * parts of speech and positions, and explains how a text was segmented.
 */
#include "api/caching.h"
#include "api/explanation.h"
#include "api/handler.h"
#include "api/limits.h"
#include "api/text_request.h"
#include "api/words.h"
#include "segmenter/offsets.h"
#include "util/scale.h"
#include "util/utf8.h"

#define TOO_MANY  "Too many texts: at most " LIMIT_TEXT(SEGMENT_MAX_TEXTS)
#define TOO_LARGE "Too long: at most " LIMIT_TEXT(SEGMENT_MAX_CHARACTERS) " characters"
#define TOO_LONG  "Too long to explain: at most " LIMIT_TEXT(EXPLAIN_MAX) " characters"

struct options {
    struct words_options words;
    bool explain;
};

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

/* Return what is wrong with options that cannot be combined, or NULL. */
static const char *find_conflict(const struct options *options)
{
    if (options->explain && options->words.mode != SEGMENT_ACCURATE)
        return "explain needs mode=accurate";
    if (options->explain && options->words.pos)
        return "explain needs pos=0";
    return words_conflict(&options->words);
}

/* Read the options. Returns NULL, or what is wrong with them. */
static const char *read_options(const struct text_request *request, struct options *options)
{
    struct words_options *words = &options->words;
    struct str mode;
    *options = (struct options){.words = {.mode = SEGMENT_ACCURATE, .hmm = true}};
    if (text_request_find(request, "mode", &mode) && !read_mode(mode, &words->mode))
        return "Invalid mode";
    if (!text_request_flag(request, "hmm", &words->hmm))
        return "Invalid hmm";
    if (!text_request_flag(request, "pos", &words->pos))
        return "Invalid pos";
    if (!text_request_flag(request, "offsets", &words->offsets))
        return "Invalid offsets";
    if (!text_request_flag(request, "explain", &options->explain))
        return "Invalid explain";
    return find_conflict(options);
}

static size_t count_characters(struct str text)
{
    return char_count(text.at, text.at + text.len);
}

/* Answer a request for one text. */
static int answer_text(struct api *api, const struct text_request *request,
                       const struct options *options, struct proxy_response *response,
                       struct err *err)
{
    struct buf *body = &response->body;
    struct str text = request->text;
    if (options->explain && count_characters(text) > EXPLAIN_MAX)
        return proxy_response_error(response, 413, TOO_LONG);
    if (text.len > SEGMENT_MAX_CHARACTERS && count_characters(text) > SEGMENT_MAX_CHARACTERS)
        return proxy_response_error(response, 413, TOO_LARGE);
    /* The segmenter itself checks the UTF-8 of a short text. A streamed answer can no longer be refused, nor
     * can a 304. */
    bool is_short = text.len <= scale.short_text;
    if ((!is_short || request->event->if_none_match.len > 0) && !utf8_is_valid(text))
        return proxy_response_error(response, 400, "Invalid UTF-8");
    if (caching_begin(request->event, api->snapshot->revision, CACHING_SNAPSHOT, response))
        return 0;
    if (!is_short)
        proxy_response_stream(response);
    buf_add_char(body, '{');
    int status = words_add(api, text, &options->words, body, err);
    if (status > 0)
        return proxy_response_error(response, 400, "Invalid UTF-8");
    if (!status && options->explain) {
        buf_add_text(body, ", \"explain\": ");
        status = explanation_print(body, &api->snapshot->dict, text, options->words.hmm, err);
    }
    buf_add_char(body, '}');
    return status;
}

static struct str member_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

/* Answer a request for many texts. They need no check of UTF-8, since Jansson has read them. */
static int answer_texts(struct api *api, const json_t *texts, const struct options *options,
                        struct proxy_response *response, struct err *err)
{
    struct buf *body = &response->body;
    size_t n = json_array_size(texts), characters = 0;
    if (n > SEGMENT_MAX_TEXTS)
        return proxy_response_error(response, 413, TOO_MANY);
    for (size_t i = 0; i < n; i++) {
        if (!json_is_string(json_array_get(texts, i)))
            return proxy_response_error(response, 400, "Invalid texts");
        characters += count_characters(member_text(json_array_get(texts, i)));
    }
    if (characters > SEGMENT_MAX_CHARACTERS)
        return proxy_response_error(response, 413, TOO_LARGE);
    proxy_response_stream(response);
    buf_add_text(body, "{\"results\": [");
    for (size_t i = 0; i < n; i++) {
        struct str text = member_text(json_array_get(texts, i));
        buf_add_text(body, i ? ", {" : "{");
        if (words_add(api, text, &options->words, body, err))
            return -1;
        buf_add_char(body, '}');
    }
    buf_add_text(body, "]}");
    return 0;
}

/* Answer a request whose body has been read. */
static int answer_segment(struct api *api, const struct text_request *request,
                          struct proxy_response *response, struct err *err)
{
    struct options options;
    const char *wrong = read_options(request, &options);
    if (wrong)
        return proxy_response_error(response, 400, wrong);
    const json_t *texts = json_object_get(request->object, "texts");
    const json_t *text = json_object_get(request->object, "text");
    if (!texts || json_is_null(texts))
        return answer_text(api, request, &options, response, err);
    if (!json_is_array(texts) || (text && !json_is_null(text)))
        return proxy_response_error(response, 400, "Invalid texts");
    if (options.explain)
        return proxy_response_error(response, 400, "explain needs one text");
    return answer_texts(api, texts, &options, response, err);
}

int handle_segment(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = answer_segment(api, &request, response, err);
    text_request_free(&request);
    return status;
}
