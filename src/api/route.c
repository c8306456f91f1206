#include "api/route.h"

/* routes.h says how to add an endpoint. */
static const struct route routes[] = {
#define ROUTE(its_handler, its_name, its_path, its_methods)                                        \
    {.name = its_name, .path = its_path, .methods = its_methods, .handler = its_handler},
#include "api/routes.h"
#undef ROUTE
};

#define N_ROUTES (sizeof routes / sizeof *routes)

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

/* Find a path in a list of routes. Returns NULL where none has it. */
static const struct route *find_path(const struct route *list, size_t n, struct str path)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(path, list[i].path))
            return &list[i];
    }
    return NULL;
}

const struct route *route_find(const struct api *api, struct str path)
{
    if (api->pinned)
        return api->pinned;
    const struct route *route = find_path(routes, N_ROUTES, path);
    return route ? route : find_path(api->extra.at, api->extra.n, path);
}

/* Return whether a route takes a method. */
static bool route_takes(const struct route *route, struct str method)
{
    for (const char *at = route->methods;; at += 2) {
        size_t len = strcspn(at, ",");
        if (str_eq(method, (struct str){at, len}))
            return true;
        at += len;
        if (*at == '\0')
            return false;
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

/* The paths of all endpoints, each after ", ". */
#define ROUTE(handler, name, path, methods) ", " path
static const char paths[] =
#include "api/routes.h"
    ;
#undef ROUTE

/* Refuse a request for which there is no endpoint, or whose method the endpoint does not take. */
static int refuse_route(const struct route *route, const struct proxy_event *event,
                        struct proxy_response *response)
{
    struct refusal_values values = {.value = event->path, .allowed = paths + strlen(", ")};
    if (!route)
        return proxy_response_refuse(response, REFUSE_NOT_FOUND, &values);
    values = (struct refusal_values){.value = event->method, .allowed = route->methods};
    proxy_response_header(response, "Allow", route->methods);
    return proxy_response_refuse(response, REFUSE_METHOD, &values);
}

/* Refuse a request that has come before the snapshot. Scripts of other sites, too, may read when to try
 * again. */
static int refuse_without_snapshot(const struct api *api, struct proxy_response *response)
{
    proxy_response_header(response, "Retry-After", "1");
    if (!api->no_cors)
        proxy_response_header(response, "Access-Control-Expose-Headers", "Retry-After");
    return proxy_response_refuse(response, REFUSE_NO_SNAPSHOT, NULL);
}

/* End the body with a newline, unless the handler has; a 304 has no body. */
static void end_body(struct proxy_response *response)
{
    struct buf *body = &response->body;
    if (response->status == 304)
        return;
    if (body->len == 0 || body->at[body->len - 1] != '\n')
        buf_add_char(body, '\n');
}

/* Fill the response, except for what finish_response() adds. Returns 0, or -1 with a reason. */
static int fill_response(struct api *api, const struct route *route,
                         const struct proxy_event *event, struct proxy_response *response,
                         struct err *err)
{
    bool taken = route && route_takes(route, event->method);
    if (str_is(event->method, "OPTIONS") && (taken || !route))
        return answer_preflight(api, response);
    if (!taken)
        return refuse_route(route, event, response);
    if (event->fault)
        return proxy_response_refuse(response, event->fault, NULL);
    if (!route->internal && !api->snapshot->header)
        return refuse_without_snapshot(api, response);
    int status = route->handler(api, event, response, err);
    end_body(response);
    if (response->body.is_full) {
        proxy_response_reset(response);
        return proxy_response_refuse(response, REFUSE_LARGE_ANSWER, NULL);
    }
    if (!status && response->body.failed)
        return err_set(err, "out of memory for the response of %s", route->path);
    return status;
}

/* Add the headers that all responses have. */
static void add_common_headers(const struct api *api, const struct route *route,
                               struct proxy_response *response)
{
    bool internal = route && route->internal;
    if (response->status != 204)
        proxy_response_header(response, "Content-Type", response->content_type);
    if (response->status != 204 && *api->snapshot->revision)
        proxy_response_header(response, "Serverful-Revision", api->snapshot->revision);
    if (response->cache_control && response->status < 400) {
        proxy_response_header(response, "Cache-Control", response->cache_control);
        proxy_response_header(response, "ETag", response->etag);
        proxy_response_header(response, "Vary", "Accept-Encoding");
    }
    if (internal)
        proxy_response_header(response, "Cache-Control", "no-store");
    else if (!api->no_cors)
        proxy_response_header(response, "Access-Control-Allow-Origin", "*");
}

/* A request that is being answered. */
struct answer {
    const struct api *api;
    const struct route *route;
    struct proxy_response *response;
    bool is_head;
};

/* The sink of the body: send a piece, or only count its bytes where the method is HEAD. */
static int send_body_piece(void *arg, struct str piece)
{
    const struct answer *answer = arg;
    struct proxy_response *response = answer->response;
    response->content_length += piece.len;
    if (answer->is_head)
        return 0;
    if (!response->is_begun)
        add_common_headers(answer->api, answer->route, response);
    response->is_broken = response->send_piece(response->send_arg, response, piece) != 0;
    response->is_begun = true;
    return response->is_broken ? -1 : 0;
}

/* Finish a response, whatever made it: add the headers unless they have been sent, set the length, and
 * empty the body of an answer to HEAD. */
static void finish_response(const struct answer *answer)
{
    struct proxy_response *response = answer->response;
    if (!response->is_begun)
        add_common_headers(answer->api, answer->route, response);
    response->content_length += response->body.len;
    if (answer->is_head)
        buf_reset(&response->body);
}

int route_answer(struct api *api, const struct route *route, const struct proxy_event *event,
                 struct proxy_response *response, struct err *err)
{
    struct answer answer = {api, route, response, str_is(event->method, "HEAD")};
    proxy_response_reset(response);
    response->accept_language = event->accept_language;
    if (response->send_piece)
        response->sink = (struct buf_sink){send_body_piece, &answer};
    int status = fill_response(api, route, event, response, err);
    if (response->is_broken)
        status = 0; /* the client has gone */
    else if (!status)
        finish_response(&answer);
    else if (response->is_begun)
        response->is_broken = true;
    else
        route_refuse(api, route, event, response, REFUSE_FAILURE);
    /* These name `answer`, which ends here. */
    response->sink = response->body.sink = (struct buf_sink){NULL, NULL};
    return status;
}

void route_refuse(const struct api *api, const struct route *route, const struct proxy_event *event,
                  struct proxy_response *response, enum refusal refusal)
{
    proxy_response_reset(response);
    response->accept_language = event->accept_language;
    proxy_response_refuse(response, refusal, NULL);
    finish_response(&(struct answer){api, route, response, str_is(event->method, "HEAD")});
}
