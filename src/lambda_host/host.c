#include "lambda_host/host.h"

#include "lambda_host/listen.h"

#include <event2/buffer.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define MAX_HEAD 10240              /* of a request, as an HTTP API has it */
#define MAX_BODY (10 * 1024 * 1024) /* likewise */
#define METHODS                                                                                    \
    (EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |     \
     EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH)

struct host {
    const struct host_options *options;
    struct event_base *base;
    struct evhttp *http;
    struct event *signals[2];
    struct function *function;
};

/* A request that a function is working on. */
struct pending {
    struct invocation invocation;
    struct evhttp_request *request;
    enum payload payload;
    char *event;
};

/* A random UUID (version 4, RFC 9562) as text. Returns 0 or -1 with a reason. */
static int make_uuid(char text[37], struct err *err)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != sizeof b)
        return err_errno(err, "no random bytes");
    b[6] = (b[6] & 0x0F) | 0x40;
    b[8] = (b[8] & 0x3F) | 0x80;
    snprintf(text, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
    return 0;
}

static void finish(struct invocation *invocation, enum outcome outcome, struct str response)
{
    struct pending *pending = invocation->arg;
    gateway_answer(pending->payload, pending->request, outcome, response);
    free(pending->event);
    free(pending);
}

static void take(struct evhttp_request *request, void *arg)
{
    struct host *host = arg;
    enum payload payload = host->options->payload;
    struct pending *pending = calloc(1, sizeof *pending);
    struct err err;
    if (!pending || make_uuid(pending->invocation.id, &err)) {
        free(pending);
        gateway_refuse(payload, request, 500);
        return;
    }
    pending->event = gateway_make_event(payload, request, pending->invocation.id, &err);
    pending->invocation.event = str_of(pending->event);
    size_t limit = payload == PAYLOAD_ALB ? GATEWAY_ALB_MAX : ENVIRONMENT_MAX_EVENT;
    if (!pending->event || pending->invocation.event.len > limit) {
        gateway_refuse(payload, request, pending->event ? 413 : 400);
        free(pending->event);
        free(pending);
        return;
    }
    pending->request = request;
    pending->payload = payload;
    pending->invocation.done = finish;
    pending->invocation.arg = pending;
    function_invoke(host->function, &pending->invocation);
}

static void stop(evutil_socket_t fd, short what, void *base)
{
    (void)fd, (void)what;
    event_base_loopbreak(base);
}

static int listen_at(struct host *host, struct err *err)
{
    const struct host_options *options = host->options;
    unsigned port;
    if (host_listen(host->http, options->address, options->port, &port, err))
        return -1;
    fprintf(stderr, "listening on http://%s:%u\n", options->address, port);
    return 0;
}

static int start(struct host *host, struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT};
    host->base = event_base_new();
    host->http = host->base ? evhttp_new(host->base) : NULL;
    if (!host->http)
        return err_set(err, "out of memory");
    for (size_t i = 0; i < 2; i++) {
        host->signals[i] = evsignal_new(host->base, numbers[i], stop, host->base);
        if (!host->signals[i] || event_add(host->signals[i], NULL))
            return err_set(err, "out of memory");
    }
    evhttp_set_allowed_methods(host->http, METHODS);
    evhttp_set_max_headers_size(host->http, MAX_HEAD);
    evhttp_set_max_body_size(host->http, MAX_BODY);
    evhttp_set_gencb(host->http, take, host);
    host->function = function_new(host->base, &host->options->function, err);
    return host->function ? listen_at(host, err) : -1;
}

static void end(struct host *host)
{
    function_free(host->function);
    if (host->http)
        evhttp_free(host->http);
    for (size_t i = 0; i < 2; i++) {
        if (host->signals[i])
            event_free(host->signals[i]);
    }
    if (host->base)
        event_base_free(host->base);
    libevent_global_shutdown();
}

int host_run(const struct host_options *options, struct err *err)
{
    struct host host = {.options = options};
    signal(SIGPIPE, SIG_IGN);
    int failed = start(&host, err);
    if (!failed)
        event_base_dispatch(host.base);
    end(&host);
    return failed;
}
