#include "lambda_host/lambda_host.h"

#include "lambda_host/listen.h"
#include "util/aws_limits.h"

#include <event2/buffer.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define METHODS                                                                                    \
    (EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |     \
     EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH)

struct lambda_host {
    const struct lambda_host_options *options;
    struct event_base *base;
    struct evhttp *http;
    struct event *signals[2];
    struct function *function;
};

/* A request that waits for the function's response. */
struct pending {
    struct invocation invocation;
    struct evhttp_request *request;
    enum payload payload;
    char *event;
};

/* Write a random UUID (version 4, RFC 9562). Returns 0 or -1 with a reason. */
static int make_uuid(char text[INVOCATION_ID_SIZE], struct err *err)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != sizeof b)
        return err_errno(err, "cannot get random bytes");
    b[6] = (b[6] & 0x0F) | 0x40;
    b[8] = (b[8] & 0x3F) | 0x80;
    snprintf(text, INVOCATION_ID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
    return 0;
}

/* Answer the request with the outcome of its invocation. */
static void finish_request(struct invocation *invocation, enum outcome outcome, struct str response)
{
    struct pending *pending = invocation->arg;
    gateway_answer(pending->payload, pending->request, outcome, response);
    free(pending->event);
    free(pending);
}

/* Make the event of a request. Returns 0, or the status of the refusal. */
static int make_event(enum payload payload, struct evhttp_request *request, struct pending *pending)
{
    struct err ignored;
    struct invocation *invocation = &pending->invocation;
    if (make_uuid(invocation->id, &ignored))
        return 500;
    pending->event = gateway_make_event(payload, request, invocation->id, &ignored);
    if (!pending->event)
        return 400;
    invocation->event = str_of(pending->event);
    size_t limit = payload == PAYLOAD_ALB ? AWS_ALB_MAX_JSON : AWS_MAX_EVENT;
    return invocation->event.len > limit ? 413 : 0;
}

/* Invoke the function for a request, or refuse the request. */
static void handle_request(struct evhttp_request *request, void *arg)
{
    struct lambda_host *host = arg;
    enum payload payload = host->options->payload;
    struct pending *pending = calloc(1, sizeof *pending);
    int refusal = pending ? make_event(payload, request, pending) : 500;
    if (refusal) {
        gateway_refuse(payload, request, refusal);
        if (pending)
            free(pending->event);
        free(pending);
        return;
    }
    pending->request = request;
    pending->payload = payload;
    pending->invocation.done = finish_request;
    pending->invocation.arg = pending;
    function_invoke(host->function, &pending->invocation);
}

static void stop_on_signal(evutil_socket_t fd, short what, void *base)
{
    (void)fd, (void)what;
    event_base_loopbreak(base);
}

static int start_listening(struct lambda_host *host, struct err *err)
{
    const struct lambda_host_options *options = host->options;
    unsigned port;
    if (listen_http(host->http, options->address, options->port, &port, err))
        return -1;
    fprintf(stderr, "listening on http://%s:%u\n", options->address, port);
    return 0;
}

/* Make an event base whose timers are exact to a millisecond; by default they are several late, for which an idle
 * environment would live longer. Returns NULL where memory runs out. */
static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;
    if (config && !event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER))
        base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    return base;
}

/* Returns 0 or -1 with a reason; free_host() undoes it in both cases. */
static int start_host(struct lambda_host *host, struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT};
    host->base = make_base();
    host->http = host->base ? evhttp_new(host->base) : NULL;
    if (!host->http)
        return err_set(err, "out of memory for the HTTP server");
    for (size_t i = 0; i < 2; i++) {
        host->signals[i] = evsignal_new(host->base, numbers[i], stop_on_signal, host->base);
        if (!host->signals[i] || event_add(host->signals[i], NULL))
            return err_set(err, "out of memory for the events of signals");
    }
    evhttp_set_allowed_methods(host->http, METHODS);
    evhttp_set_max_headers_size(host->http, AWS_HTTP_API_MAX_HEAD);
    evhttp_set_max_body_size(host->http, AWS_HTTP_API_MAX_BODY);
    evhttp_set_gencb(host->http, handle_request, host);
    host->function = function_new(host->base, &host->options->function, err);
    return host->function ? start_listening(host, err) : -1;
}

static void free_host(struct lambda_host *host)
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

int lambda_host_run(const struct lambda_host_options *options, struct err *err)
{
    struct lambda_host host = {.options = options};
    signal(SIGPIPE, SIG_IGN);
    int failed = start_host(&host, err);
    if (!failed)
        event_base_dispatch(host.base);
    free_host(&host);
    return failed;
}
