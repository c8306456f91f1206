/*
 * GET /openapi.json: the description of the API. The build joins it from openapi.json.in and the
 * handle_NAME.openapi.json of each endpoint.
 */
#include "api/caching.h"
#include "api/handler.h"

static const char description[] =
#include "openapi_json.h"
    ;

static const char digest[] =
#include "openapi_digest.h"
    ;

int handle_openapi(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    (void)api;
    (void)err;
    if (!caching_begin(event, digest, CACHING_PROGRAM, response))
        buf_add(&response->body, description, sizeof description - 1);
    return 0;
}
