#include "lambda/proxy.h"

#include "lambda/proxy_event.h"
#include "lambda/proxy_response.h"
#include "lambda/proxy_source.h"

#include <stdlib.h>

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

int proxy_answer(struct proxy *proxy, struct api *api, struct str event,
                 struct proxy_answer *answer, struct err *err)
{
    struct proxy_event request;
    answer->json = (struct str){NULL, 0};
    if (proxy_event_read(&proxy->source, event, api->pinned, &request, &answer->type, err))
        return -1;
    buf_reset(&proxy->json);
    proxy_response_reset(&proxy->response);
    int status = route_answer(api, &request, &proxy->response, err);
    proxy_response_write(&proxy->response, proxy->source.shape, &proxy->json);
    if (proxy->json.failed) {
        answer->type = "Runtime.OutOfMemory";
        return err_set(err, "out of memory for the response");
    }
    answer->json = buf_str(&proxy->json);
    return status;
}
