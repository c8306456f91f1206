/*
 * GET /random-image: the address of an image of the list, or of several, by their weights. Options:
 * `tag`, only images that have it (without it, or where it is empty, all); `count`, that many
 * different ones; `seed`, the same ones every time; `redirect`, a redirection to the image.
 */
#include "api/handler.h"
#include "api/json.h"
#include "snapshot/alias_table.h"
#include "snapshot/images.h"
#include "util/decimal.h"

#define MAX_SEED 64 /* bytes */

/* What a request asks for; borrowed like the event. */
struct request {
    struct str tag;
    uint32_t count; /* 0: one, not in a list */
    bool redirect;
    struct random random;
};

/* Read the query. Returns NULL, or what is wrong with it. */
static const char *read_request(const struct url_params *params, struct request *request)
{
    const struct str *tag = url_param(params, "tag"), *count = url_param(params, "count");
    const struct str *seed = url_param(params, "seed"), *redirect = url_param(params, "redirect");
    *request = (struct request){.tag = tag ? *tag : str_of("")};
    if (count && !decimal_read_range(*count, 1, ALIAS_TABLE_MAX_SAMPLE, &request->count))
        return "Invalid count";
    if (seed && seed->len > MAX_SEED)
        return "Invalid seed";
    if (seed)
        random_seed(&request->random, *seed);
    request->redirect = redirect && str_is(*redirect, "1");
    if (redirect && !request->redirect && !str_is(*redirect, "0"))
        return "Invalid redirect";
    return request->redirect && request->count ? "redirect does not go with count" : NULL;
}

static void answer_one(struct proxy_response *response, struct str url, bool redirect)
{
    buf_add_text(&response->body, "{\"imageUrl\": ");
    json_add_string(&response->body, url);
    buf_add_char(&response->body, '}');
    if (!redirect)
        return;
    response->status = 302;
    proxy_response_header_str(response, "Location", url);
}

static void answer_list(struct proxy_response *response, const struct snapshot *snapshot,
                        const uint32_t *images, uint32_t n)
{
    struct str urls[ALIAS_TABLE_MAX_SAMPLE];
    for (uint32_t i = 0; i < n; i++)
        urls[i] = snapshot_image(snapshot, images[i]);
    buf_add_text(&response->body, "{\"imageUrls\": [");
    json_add_strings(&response->body, urls, n);
    buf_add_text(&response->body, "]}");
}

int handle_random_image(struct api *api, const struct proxy_event *event,
                        struct proxy_response *response, struct err *err)
{
    (void)err;
    struct request request;
    uint32_t images[ALIAS_TABLE_MAX_SAMPLE];
    const char *wrong = read_request(event->params, &request);
    if (wrong) {
        proxy_response_error(response, 400, wrong);
        return 0;
    }
    struct alias_table table;
    if (!snapshot_find_list(api->snapshot, request.tag, &table)) {
        proxy_response_error(response, 404, "No images");
        return 0;
    }
    uint32_t n =
        alias_table_sample(&table, &request.random, request.count ? request.count : 1, images);
    if (request.count)
        answer_list(response, api->snapshot, images, n);
    else
        answer_one(response, snapshot_image(api->snapshot, images[0]), request.redirect);
    proxy_response_header(response, "Cache-Control", "no-store");
    return 0;
}
