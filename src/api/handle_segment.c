/*
 * GET and POST /segment: cuts Chinese text into words, which go from the segmenter straight into
 * the body.
 */
#include "api/handler.h"
#include "api/json.h"
#include "api/text_request.h"

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
static int cut(struct api *api, const struct text_request *request, struct proxy_response *response,
               struct err *err)
{
    enum jieba_mode mode;
    bool hmm = true;
    if (!read_mode(text_request_option(request, "mode", "accurate"), &mode))
        return refuse(response, 400, "Invalid mode");
    if (!text_request_flag(request, "hmm", &hmm))
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

int handle_segment(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = cut(api, &request, response, err);
    text_request_free(&request);
    return status;
}
