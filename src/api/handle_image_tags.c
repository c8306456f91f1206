/*
 * GET /random-image/tags: lists the tags of images, each with the number of enabled images that have
 * it, by the bytes of the tags. Images without a tag are not counted.
 */
#include "api/caching.h"
#include "api/handler.h"
#include "api/json.h"
#include "snapshot/images.h"

int handle_image_tags(struct api *api, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err)
{
    (void)err;
    const struct snapshot *snapshot = api->snapshot;
    struct buf *body = &response->body;
    const char *separator = "";
    if (caching_begin(event, snapshot->revision, CACHING_SNAPSHOT, response))
        return 0;
    proxy_response_stream(response);
    buf_add_text(body, "{\"tags\": [");
    for (uint32_t i = 0; i < snapshot->n_lists; i++) {
        struct str tag = snapshot_list_tag(&snapshot->lists[i]);
        if (tag.len == 0) /* the list of all images */
            continue;
        buf_print(body, "%s{\"tag\": ", separator);
        json_add_string(body, tag);
        buf_print(body, ", \"images\": %u}", snapshot->lists[i].n);
        separator = ", ";
    }
    buf_add_text(body, "]}");
    return 0;
}
