/*
 * GET /: the page on which every endpoint can be tried. The build joins it from page/.
 */
#include "api/caching.h"
#include "api/handler.h"

static const char page[] =
#include "page_html.h"
    ;

static const char digest[] =
#include "page_digest.h"
    ;

static const char policy[] =
#include "page_policy.h"
    ;

int handle_page(struct api *api, const struct proxy_event *event, struct proxy_response *response,
                struct err *err)
{
    (void)api;
    (void)err;
    response->content_type = "text/html; charset=utf-8";
    if (caching_begin(event, digest, CACHING_PROGRAM, response))
        return 0;
    buf_add(&response->body, page, sizeof page - 1);
    proxy_response_header(response, "Content-Security-Policy", policy);
    proxy_response_header(response, "X-Content-Type-Options", "nosniff");
    return 0;
}
