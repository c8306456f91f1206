/*
 * GET /openapi.json: the description of the API. The build joins it from openapi.json.in and the
 * handle_NAME.openapi.json of each endpoint.
 */
#include "api/handler.h"

static const char description[] =
#include "openapi_json.h"
    ;

int handle_openapi(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    (void)api;
    (void)event;
    (void)err;
    buf_add(&response->body, description, sizeof description - 1);
    proxy_response_header(response, "Cache-Control", "max-age=300");
    return 0;
}
