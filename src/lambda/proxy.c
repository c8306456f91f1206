#include "lambda/proxy.h"

#include "lambda/proxy_event.h"
#include "lambda/proxy_response.h"
#include "lambda/proxy_source.h"

#include <stdlib.h>

/* Bytes that json.c may reserve and then not use: room for the longest escapes of 1,024 bytes, or for a
 * batch of 256 words. */
#define ROOM 8192

struct proxy {
    struct proxy_source source;
    struct proxy_response response;
    struct buf json;
};

struct proxy *proxy_new(void)
{
    return calloc(1, sizeof(struct proxy));
}

void proxy_free(struct proxy *proxy)
{
    if (!proxy)
        return;
    proxy_source_free(&proxy->source);
    proxy_response_free(&proxy->response);
    buf_free(&proxy->json);
    free(proxy);
}

/* Write the response, or a 413 where it is larger than the front end of the event takes. */
static int write_response(struct proxy *proxy, const struct api *api, const struct route *route,
                          const struct proxy_event *event, struct err *err)
{
    buf_reset(&proxy->json);
    if (proxy_response_write(&proxy->response, proxy->source.shape, &proxy->json)) {
        route_refuse(api, route, event, &proxy->response, 413, "Response too large");
        proxy_response_write(&proxy->response, proxy->source.shape, &proxy->json);
    }
    return proxy->json.failed ? err_set(err, "out of memory for the response") : 0;
}

int proxy_answer(struct proxy *proxy, struct api *api, struct str event,
                 struct proxy_answer *answer, struct err *err)
{
    struct proxy_event request;
    answer->json = (struct str){NULL, 0};
    if (proxy_event_read(&proxy->source, event, api->pinned, &request, &answer->type, err))
        return -1;
    /* A body beyond the limit cannot fit: it is not shorter as a part of the JSON. */
    proxy->json.limit = proxy_response_limit(proxy->source.shape) + ROOM;
    proxy->response.body.limit = proxy->json.limit;
    const struct route *route = route_find(api, request.path);
    int status = route_answer(api, route, &request, &proxy->response, err);
    if (write_response(proxy, api, route, &request, err)) {
        answer->type = "Runtime.OutOfMemory";
        return -1;
    }
    answer->json = buf_str(&proxy->json);
    return status;
}
