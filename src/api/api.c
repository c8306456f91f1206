#include "api/api.h"

int api_init(struct api *api, struct err *err)
{
    api->seg = segmenter_new();
    api->tags = api->ranges = (struct buf){0};
    api->form = (struct url_params){0};
    return api->seg ? 0 : err_set(err, "out of memory for the segmenter");
}

void api_free(struct api *api)
{
    segmenter_free(api->seg);
    api->seg = NULL;
    buf_free(&api->tags);
    buf_free(&api->ranges);
    url_params_free(&api->form);
}
