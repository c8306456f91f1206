#include "lambda/proxy.h"

#include "lambda/gzip.h"
#include "lambda/proxy_base.h"
#include "lambda/proxy_event.h"
#include "lambda/proxy_response.h"
#include "lambda/proxy_source.h"

#include <stdlib.h>

/* Bytes that json.c may reserve and then not use: room for the longest escapes of 1,024 bytes, or for a
 * batch of 256 words. */
#define ROOM 8192

/* Bytes of a body that is not sent in pieces to the compressor, and of each list that words.c keeps. The
 * lists of SEGMENT_MAX_CHARACTERS fit; where one did not, a 413 would take the place of the pieces. */
#define MAX_UNCOMPRESSED (16 * 1024 * 1024)

struct proxy {
    const char *base; /* The configured base path, or NULL. */
    struct proxy_source source;
    struct proxy_response response;
    struct gzip gzip;
    struct buf compressed; /* The compressed body; empty where the body is sent as it is. */
    struct buf json;
};

struct proxy *proxy_new(const char *base)
{
    struct proxy *proxy = calloc(1, sizeof *proxy);
    if (proxy)
        proxy->base = base;
    return proxy;
}

void proxy_free(struct proxy *proxy)
{
    if (!proxy)
        return;
    proxy_source_free(&proxy->source);
    proxy_response_free(&proxy->response);
    gzip_free(&proxy->gzip);
    buf_free(&proxy->compressed);
    buf_free(&proxy->json);
    free(proxy);
}

/* Compress a piece of the body: a `proxy_send_piece` whose `arg` is the proxy. */
static int compress_piece(void *arg, const struct proxy_response *response, struct str piece)
{
    struct proxy *proxy = arg;
    (void)response;
    return gzip_add(&proxy->gzip, piece, &proxy->compressed);
}

/* Whether the body may be compressed: the client takes that, and the front end undoes base64. A REST API
 * does so only for its binaryMediaTypes, of which a new one has none; it would send the base64 itself. */
static bool may_compress(const struct proxy_source *source)
{
    return source->shape != PROXY_REST && gzip_is_accepted(source->accept_encoding);
}

/* Let the body be compressed if it may be, and set the limits of the response. A body beyond its limit
 * cannot fit: it is not shorter as a part of the JSON. */
static void prepare_response(struct proxy *proxy)
{
    size_t limit = proxy_response_limit(proxy->source.shape) + ROOM;
    bool compress = may_compress(&proxy->source);
    gzip_reset(&proxy->gzip);
    buf_reset(&proxy->compressed);
    proxy->compressed.limit = proxy->json.limit = limit;
    proxy->response.body.limit = compress ? MAX_UNCOMPRESSED : limit;
    proxy->response.send_piece = compress ? compress_piece : NULL;
    proxy->response.send_arg = proxy;
}

/* Compress the body, or what is left of it, unless it is too short. Returns 0, or -1 where it does not
 * fit, or where memory runs out. */
static int compress_body(struct proxy *proxy)
{
    struct proxy_response *response = &proxy->response;
    bool is_long = response->status == 200 && response->content_length >= PROXY_COMPRESS_FROM;
    if (!response->is_begun) /* or no longer: a 413 took the place of what was compressed */
        buf_reset(&proxy->compressed);
    if (!response->send_piece || (!response->is_begun && !is_long))
        return 0;
    if (!response->is_begun)
        gzip_reset(&proxy->gzip);
    proxy_response_header(response, "Content-Encoding", "gzip");
    if (response->body.len == 0 && !response->is_begun) /* HEAD */
        return 0;
    return gzip_add(&proxy->gzip, buf_str(&response->body), &proxy->compressed) ||
                   gzip_end(&proxy->gzip, &proxy->compressed)
               ? -1
               : 0;
}

/* Write the response as it is, with a compressed body if there is one. Returns as
 * proxy_response_write(). */
static int write_json(struct proxy *proxy)
{
    return proxy_response_write(&proxy->response, buf_str(&proxy->compressed), proxy->source.shape,
                                &proxy->json);
}

/* Write the response, or an error in its place: a 500 where it is broken because the service `failed`, and
 * a 413 where it is larger than the front end of the event takes. */
static void write_response(struct proxy *proxy, const struct api *api, const struct route *route,
                           const struct proxy_event *event, bool failed)
{
    bool is_broken = proxy->response.is_broken;
    buf_reset(&proxy->json);
    if (is_broken || compress_body(proxy) || write_json(proxy)) {
        buf_reset(&proxy->compressed);
        if (is_broken && failed)
            route_refuse(api, route, event, &proxy->response, REFUSE_FAILURE);
        else
            route_refuse(api, route, event, &proxy->response, REFUSE_LARGE_ANSWER);
        write_json(proxy);
    }
}

/* Answer an event that only keeps the function warm: 204 with the revision of the snapshot. */
static void answer_ping(struct proxy *proxy, const struct api *api, struct proxy_answer *answer)
{
    struct proxy_response *response = &proxy->response;
    proxy_response_reset(response);
    response->status = 204;
    if (*api->snapshot->revision)
        proxy_response_header(response, "Serverful-Revision", api->snapshot->revision);
    buf_reset(&proxy->json);
    write_json(proxy);
    answer->route = "ping";
}

/* Answer the request of an event. Returns 0, or -1 with a reason where the response is a 500. */
static int answer_request(struct proxy *proxy, struct api *api, struct proxy_event *request,
                          struct proxy_answer *answer, struct err *err)
{
    prepare_response(proxy);
    const struct route *route = route_find(api, request->path);
    if (!route)
        route = proxy_base_find(api, &proxy->source, str_of(proxy->base), &request->path);
    if (api->pinned) /* its entity tags are those of the endpoint, whatever the path */
        request->path = str_of(route->path);
    int status = route_answer(api, route, request, &proxy->response, err);
    write_response(proxy, api, route, request, status != 0);
    answer->route = route ? route->name : "none";
    return status;
}

int proxy_answer(struct proxy *proxy, struct api *api, struct str event,
                 struct proxy_answer *answer, struct err *err)
{
    struct proxy_event request;
    int status = 0;
    answer->json = (struct str){NULL, 0};
    if (proxy_event_read(&proxy->source, event, api->pinned, &request, &answer->type, err))
        return -1;
    if (proxy->source.shape == PROXY_PING)
        answer_ping(proxy, api, answer);
    else
        status = answer_request(proxy, api, &request, answer, err);
    if (proxy->json.failed) {
        answer->type = "Runtime.OutOfMemory";
        return err_set(err, "out of memory for the response");
    }
    answer->json = buf_str(&proxy->json);
    answer->status = proxy->response.status;
    return status;
}
