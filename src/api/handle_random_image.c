/*
 * GET /random-image: returns the URL of an image, or of several, chosen at random by weight. Options:
 *
 *   tag       choose among the images with this tag; empty: among all
 *   count     return a list of this many different images
 *   seed      choose the same images each time
 *   redirect  1: redirect to the image; the browser does not tell its host which page shows it, unless
 *             the setting redirect_no_referrer is off
 */
#include "api/caching.h"
#include "api/handler.h"
#include "api/json.h"
#include "api/limits.h"
#include "snapshot/alias_table.h"
#include "snapshot/images.h"
#include "util/decimal.h"

/* The options of a request. */
struct image_request {
    struct str tag; /* The tag, borrowed from the event. */
    uint32_t count; /* The length of the list; 0 for one image without a list. */
    bool redirect;
    bool seeded; /* Whether the request has a seed, so that its answer depends on nothing random. */
    struct random random;
};

/* Read the options. Returns NULL, or what is wrong with them. */
static const char *read_options(const struct url_params *params, struct image_request *request)
{
    const struct str *tag = url_param(params, "tag"), *count = url_param(params, "count");
    const struct str *seed = url_param(params, "seed"), *redirect = url_param(params, "redirect");
    *request = (struct image_request){.tag = tag ? *tag : str_of("")};
    if (count && !decimal_read_range(*count, 1, ALIAS_TABLE_MAX_SAMPLE, &request->count))
        return "Invalid count";
    if (seed && seed->len > RANDOM_IMAGE_MAX_SEED)
        return "Invalid seed";
    request->seeded = seed != NULL;
    if (seed)
        random_seed(&request->random, *seed);
    request->redirect = redirect && str_is(*redirect, "1");
    if (redirect && !request->redirect && !str_is(*redirect, "0"))
        return "Invalid redirect";
    return request->redirect && request->count ? "redirect does not go with count" : NULL;
}

/* Write the URL of one image. */
static void write_image(struct proxy_response *response, struct str url)
{
    buf_add_text(&response->body, "{\"imageUrl\": ");
    json_add_string(&response->body, url);
    buf_add_char(&response->body, '}');
}

/* Make the response a redirection to an image. */
static void redirect_to(struct proxy_response *response, struct str url,
                        const struct snapshot_image_settings *settings)
{
    response->status = 302;
    proxy_response_header_str(response, "Location", url);
    if (settings->redirect_no_referrer)
        proxy_response_header(response, "Referrer-Policy", "no-referrer");
}

/* Write the list of the URLs of `n` images. */
static void write_images(struct proxy_response *response, const struct snapshot *snapshot,
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
    struct image_request request;
    uint32_t images[ALIAS_TABLE_MAX_SAMPLE];
    const char *wrong = read_options(event->params, &request);
    if (wrong)
        return proxy_response_error(response, 400, wrong);
    struct alias_table table;
    if (!snapshot_find_list(api->snapshot, request.tag, &table))
        return proxy_response_error(response, 404, "No images");
    if (!request.seeded)
        proxy_response_header(response, "Cache-Control", "no-store");
    else if (request.redirect) /* a 304 stands for a 200 only */
        proxy_response_header(response, "Cache-Control", CACHING_SNAPSHOT);
    else if (caching_begin(event, api->snapshot->revision, CACHING_SNAPSHOT, response))
        return 0;
    uint32_t n =
        alias_table_sample(&table, &request.random, request.count ? request.count : 1, images);
    struct str url = snapshot_image(api->snapshot, images[0]);
    if (request.count)
        write_images(response, api->snapshot, images, n);
    else
        write_image(response, url);
    if (request.redirect)
        redirect_to(response, url, api->snapshot->image_settings);
    return 0;
}
