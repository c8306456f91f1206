#include "api/route.h"

struct route {
    const char *name, *path;
    const char *methods; /* those that it takes, as the Allow header lists them; GET brings HEAD */
    route_handler *handle;
};

/* The table is in routes.h, with what there is to do to add an endpoint. */
static const struct route routes[] = {
#define ROUTE(handler, its_name, its_path, its_methods)                                            \
    {.name = its_name, .path = its_path, .methods = its_methods, .handle = handler},
#include "api/routes.h"
#undef ROUTE
};

#define N_ROUTES (sizeof routes / sizeof *routes)

int api_init(struct api *api, struct err *err)
{
    api->seg = segmenter_new();
    api->tags = api->offsets = (struct buf){0};
    return api->seg ? 0 : err_set(err, "out of memory for the segmenter");
}

void api_free(struct api *api)
{
    segmenter_free(api->seg);
    api->seg = NULL;
    buf_free(&api->tags);
    buf_free(&api->offsets);
}

const struct route *route_by_name(struct str name)
{
    for (size_t i = 0; i < N_ROUTES; i++) {
        if (str_is(name, routes[i].name))
            return &routes[i];
    }
    return NULL;
}

const struct route *route_at(size_t i)
{
    return i < N_ROUTES ? &routes[i] : NULL;
}

const char *route_name(const struct route *route)
{
    return route->name;
}

const char *route_path(const struct route *route)
{
    return route->path;
}

const struct route *route_by_path(struct str path)
{
    for (size_t i = 0; i < N_ROUTES; i++) {
        if (str_is(path, routes[i].path))
            return &routes[i];
    }
    return NULL;
}

/* Whether `method` is one of a list like "GET, HEAD". */
static bool is_listed(struct str method, const char *list)
{
    for (;;) {
        size_t len = strcspn(list, ",");
        if (str_eq(method, (struct str){list, len}))
            return true;
        if (list[len] == '\0')
            return false;
        list += len + 2;
    }
}

static int answer_preflight(const struct api *api, struct proxy_response *response)
{
    response->status = 204;
    if (api->no_cors)
        return 0;
    proxy_response_header(response, "Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
    proxy_response_header(response, "Access-Control-Allow-Headers", "Content-Type");
    proxy_response_header(response, "Access-Control-Max-Age", "86400");
    return 0;
}

static int refuse(struct proxy_response *response, int status, const char *wrong)
{
    proxy_response_error(response, status, wrong);
    return 0;
}

/* Everything but the headers that every answer has. */
static int answer(struct api *api, const struct proxy_event *event, struct proxy_response *response,
                  struct err *err)
{
    if (str_is(event->method, "OPTIONS"))
        return answer_preflight(api, response);
    const struct route *route = api->pinned ? api->pinned : route_by_path(event->path);
    if (!route)
        return refuse(response, 404, "Not found");
    if (!is_listed(event->method, route->methods)) {
        proxy_response_header(response, "Allow", route->methods);
        return refuse(response, 405, "Method not allowed");
    }
    if (event->fault.status != 0)
        return refuse(response, event->fault.status, event->fault.text);
    if (route->handle(api, event, response, err))
        return -1;
    if (response->body.failed)
        return err_set(err, "out of memory for the answer of %s", route->path);
    return 0;
}

int route_answer(struct api *api, const struct proxy_event *event, struct proxy_response *response,
                 struct err *err)
{
    proxy_response_reset(response);
    int status = answer(api, event, response, err);
    if (status != 0) {
        proxy_response_reset(response);
        proxy_response_error(response, 500, "Internal server error");
    }
    if (response->status != 204)
        proxy_response_header(response, "Content-Type", response->content_type);
    if (!api->no_cors)
        proxy_response_header(response, "Access-Control-Allow-Origin", "*");
    response->content_length = response->body.len;
    if (str_is(event->method, "HEAD"))
        buf_reset(&response->body);
    return status;
}
