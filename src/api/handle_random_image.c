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
#include "api/misspelt.h"
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

/* Refuse a request, for what is wrong with the value of an option. Returns 1. */
static int refuse_option(struct proxy_response *response, enum refusal refusal, const char *name,
                         struct str value, const char *allowed)
{
    proxy_response_refuse(
        response, refusal,
        &(struct refusal_values){
            .parameter = name, .value = value, .allowed = allowed, .n = value.len});
    return 1;
}

/* Refuse a slip for an option. Returns 0, or 1 where `response` refuses it. */
static int refuse_slip(const struct url_params *params, struct proxy_response *response)
{
    static const char *const names[] = {"tag", "count", "seed", "redirect", NULL};
    struct str given;
    const char *option = misspelt_find_option(params, NULL, names, &given);
    return option ? refuse_option(response, REFUSE_OPTION_MISSPELT, option, given, "") : 0;
}

/* Read the options. Returns 0, or 1 where `response` refuses them. */
static int read_options(const struct url_params *params, struct image_request *request,
                        struct proxy_response *response)
{
    const struct str *tag = url_param(params, "tag"), *count = url_param(params, "count");
    const struct str *seed = url_param(params, "seed"), *redirect = url_param(params, "redirect");
    *request = (struct image_request){.tag = tag ? *tag : str_of("")};
    if (count && !decimal_read_range(*count, 1, ALIAS_TABLE_MAX_SAMPLE, &request->count))
        return refuse_option(response, REFUSE_INTEGER, "count", *count,
                             "1–" LIMIT_TEXT(ALIAS_TABLE_MAX_SAMPLE));
    if (seed && seed->len > RANDOM_IMAGE_MAX_SEED)
        return refuse_option(response, REFUSE_SEED, "seed", *seed, "");
    request->seeded = seed != NULL;
    if (seed)
        random_seed(&request->random, *seed);
    request->redirect = redirect && str_is(*redirect, "1");
    if (redirect && !request->redirect && !str_is(*redirect, "0"))
        return refuse_option(response, REFUSE_CHOICE, "redirect", *redirect, "0, 1");
    if (request->redirect && request->count)
        return refuse_option(response, REFUSE_REDIRECT_COUNT, "redirect", *redirect, "");
    return refuse_slip(params, response);
}

/* Write the tags of images into `list`, as many as fit; "…" stands for the others. */
static void list_tags(const struct snapshot *snapshot, char list[REFUSAL_LIST])
{
    size_t len = 0;
    for (uint32_t i = 0; i < snapshot->n_lists; i++) {
        struct str tag = snapshot_list_tag(&snapshot->lists[i]);
        if (tag.len == 0) /* the list of all images */
            continue;
        if (len + tag.len + sizeof ", , …" > REFUSAL_LIST) {
            strcpy(list + len, "…, ");
            len += strlen("…, ");
            break;
        }
        memcpy(list + len, tag.at, tag.len);
        memcpy(list + len + tag.len, ", ", 2);
        len += tag.len + 2;
    }
    list[len > 2 ? len - 2 : 0] = '\0';
}

/* Refuse a tag that no image has, or all tags where there are no images. */
static int refuse_tag(struct proxy_response *response, const struct snapshot *snapshot,
                      struct str tag)
{
    char list[REFUSAL_LIST];
    list_tags(snapshot, list);
    if (tag.len == 0)
        return proxy_response_refuse(response, REFUSE_NO_IMAGES, NULL);
    refuse_option(response, *list ? REFUSE_UNKNOWN_TAG : REFUSE_NO_TAGS, "tag", tag, list);
    return 0;
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
    if (read_options(event->params, &request, response))
        return 0;
    struct alias_table table;
    if (!snapshot_find_list(api->snapshot, request.tag, &table))
        return refuse_tag(response, api->snapshot, request.tag);
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
