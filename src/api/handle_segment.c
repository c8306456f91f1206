/*
 * GET and POST /segment: cuts Chinese text into words, with their parts of speech and their places
 * if it is asked to.
 */
#include "api/handler.h"
#include "api/text_request.h"
#include "api/words.h"

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

/* Read the options; what is wrong with them, or NULL. */
static const char *read_options(const struct text_request *request, struct words_options *options)
{
    *options = (struct words_options){.hmm = true};
    if (!read_mode(text_request_option(request, "mode", "accurate"), &options->mode))
        return "Invalid mode";
    if (!text_request_flag(request, "hmm", &options->hmm))
        return "Invalid hmm";
    if (!text_request_flag(request, "pos", &options->pos))
        return "Invalid pos";
    if (!text_request_flag(request, "offsets", &options->offsets))
        return "Invalid offsets";
    return words_conflict(options);
}

/* Answer a request that has been read. */
static int cut(struct api *api, const struct text_request *request, struct proxy_response *response,
               struct err *err)
{
    struct words_options options;
    const char *wrong = read_options(request, &options);
    if (wrong)
        return refuse(response, 400, wrong);
    buf_add_char(&response->body, '{');
    int status = words_add(api, request->text, &options, &response->body, err);
    if (status > 0)
        return refuse(response, 400, "Invalid UTF-8");
    buf_add_char(&response->body, '}');
    return status;
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
