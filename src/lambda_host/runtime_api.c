#include "lambda_host/runtime_api.h"

#include "lambda_host/listen.h"
#include "util/aws_limits.h"
#include "util/http_status.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define BASE       "/2018-06-01/runtime/"
#define INVOCATION BASE "invocation/"

/* The largest body of a request, in bytes: more than AWS_MAX_RESPONSE, above which the answer is a
 * 413. */
#define MAX_BODY (AWS_MAX_RESPONSE + 2 * 1024 * 1024)

struct runtime_api {
    const struct runtime_api_calls *calls;
    void *arg;
    struct evhttp *http;
    struct evhttp_request *waiting; /* The unanswered call of next(), or NULL. */
    char address[32];
};

/* Answer a call with 202, or with a refusal. */
static void answer_call(struct evhttp_request *request, int status, const char *refusal)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct evbuffer *out = evhttp_request_get_output_buffer(request);
    evhttp_add_header(headers, "Content-Type", "application/json");
    if (status == 202)
        evbuffer_add_printf(out, "{\"status\":\"OK\"}\n");
    else
        evbuffer_add_printf(out, "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}\n", refusal,
                            refusal);
    evhttp_send_reply(request, status, http_status_reason(status), NULL);
}

/* The body of a request, borrowed from it. */
static struct str body_of(struct evhttp_request *request)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    size_t len = evbuffer_get_length(in);
    return (struct str){(const char *)evbuffer_pullup(in, -1), len};
}

/* Whether Lambda accepts the error type: Runtime.Name or Function.Name, in letters. */
static bool is_error_type(const char *type)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const char *dot = strchr(type, '.');
    return dot && (!strncmp(type, "Runtime.", 8) || !strncmp(type, "Function.", 9)) &&
           dot[1] >= 'A' && dot[1] <= 'Z' && dot[2] && !dot[1 + strspn(dot + 1, letters)];
}

/* The error type of an error report; `unknown` where Lambda does not accept it. */
static const char *error_type_of(struct evhttp_request *request, const char *unknown)
{
    const char *type = evhttp_find_header(evhttp_request_get_input_headers(request),
                                          "Lambda-Runtime-Function-Error-Type");
    return type && is_error_type(type) ? type : unknown;
}

static void handle_next(struct runtime_api *api, struct evhttp_request *request)
{
    const char *refusal = "";
    struct evhttp_request *before = api->waiting;
    api->waiting = request; /* the callback may deliver an event at once */
    int status = api->calls->next(api->arg, &refusal);
    if (status != 0) {
        api->waiting = before;
        answer_call(request, status, refusal);
    }
}

/* Handle a POST to …/invocation/`path`, where `path` is ID/response or ID/error. Returns the status
 * of the answer. */
static int handle_outcome(struct runtime_api *api, struct evhttp_request *request, const char *path,
                          const char **refusal)
{
    const char *slash = strchr(path, '/');
    struct str id = {path, slash ? (size_t)(slash - path) : 0};
    if (slash && !strcmp(slash, "/response"))
        return api->calls->response(api->arg, id, body_of(request), refusal);
    if (slash && !strcmp(slash, "/error"))
        return api->calls->error(api->arg, id, error_type_of(request, "Function.Unknown"),
                                 body_of(request), refusal);
    *refusal = "NotFound";
    return 404;
}

static void handle_call(struct evhttp_request *request, void *arg)
{
    struct runtime_api *api = arg;
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    const char *refusal = "NotFound";
    int status = 404;
    if (evhttp_request_get_command(request) == EVHTTP_REQ_GET) {
        if (!strcmp(path, INVOCATION "next")) {
            handle_next(api, request);
            return;
        }
    } else if (!strcmp(path, BASE "init/error")) {
        status = api->calls->init_error(api->arg, error_type_of(request, "Runtime.Unknown"),
                                        body_of(request), &refusal);
    } else if (!strncmp(path, INVOCATION, sizeof INVOCATION - 1)) {
        status = handle_outcome(api, request, path + sizeof INVOCATION - 1, &refusal);
    }
    answer_call(request, status, refusal);
}

/* Listen on a free port. */
static int start_listening(struct runtime_api *api, struct err *err)
{
    unsigned port;
    if (listen_http(api->http, "127.0.0.1", 0, &port, err))
        return -1;
    snprintf(api->address, sizeof api->address, "127.0.0.1:%u", port);
    return 0;
}

struct runtime_api *runtime_api_open(struct event_base *base, const struct runtime_api_calls *calls,
                                     void *arg, struct err *err)
{
    struct runtime_api *api = calloc(1, sizeof *api);
    if (api)
        api->http = evhttp_new(base);
    if (!api || !api->http) {
        err_set(err, "out of memory for a Runtime API");
        free(api);
        return NULL;
    }
    api->calls = calls;
    api->arg = arg;
    evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_max_headers_size(api->http, AWS_RUNTIME_API_MAX_HEAD);
    evhttp_set_max_body_size(api->http, MAX_BODY);
    evhttp_set_gencb(api->http, handle_call, api);
    if (start_listening(api, err)) {
        runtime_api_close(api);
        return NULL;
    }
    return api;
}

const char *runtime_api_address(const struct runtime_api *api)
{
    return api->address;
}

/* Add the header of an X-Ray trace that is not sampled; without random bytes, add none. */
static void add_trace(struct evkeyvalq *headers, long long time_ms)
{
    char trace[96];
    uint64_t random[3] = {0};
    if (getrandom(random, sizeof random, 0) < 0)
        return;
    snprintf(trace, sizeof trace,
             "Root=1-%08llx-%016" PRIx64 "%08" PRIx32 ";Parent=%016" PRIx64 ";Sampled=0",
             (unsigned long long)time_ms / 1000, random[0], (uint32_t)random[1], random[2]);
    evhttp_add_header(headers, "Lambda-Runtime-Trace-Id", trace);
}

void runtime_api_deliver(struct runtime_api *api, const char *id, long long deadline_ms,
                         struct str event)
{
    struct evhttp_request *request = api->waiting;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    char deadline[32];
    api->waiting = NULL;
    snprintf(deadline, sizeof deadline, "%lld", deadline_ms);
    evhttp_add_header(headers, "Content-Type", "application/json");
    evhttp_add_header(headers, "Lambda-Runtime-Aws-Request-Id", id);
    evhttp_add_header(headers, "Lambda-Runtime-Deadline-Ms", deadline);
    evhttp_add_header(headers, "Lambda-Runtime-Invoked-Function-Arn",
                      "arn:aws:lambda:us-east-1:123456789012:function:serverful");
    add_trace(headers, deadline_ms);
    evbuffer_add(evhttp_request_get_output_buffer(request), event.at, event.len);
    evhttp_send_reply(request, 200, http_status_reason(200), NULL);
}

void runtime_api_close(struct runtime_api *api)
{
    if (!api)
        return;
    if (api->waiting) /* answering frees the request, which may have outlived its connection */
        answer_call(api->waiting, 503, "ShuttingDown");
    evhttp_free(api->http);
    free(api);
}
