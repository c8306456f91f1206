/*
 * bootstrap: serverful as an AWS Lambda function with a custom runtime (provided.al2023).
 *
 * It maps the snapshot and does everything else that can fail before it asks for the first event.
 *
 *   AWS_LAMBDA_RUNTIME_API      HOST:PORT of the Runtime API. Lambda sets it.
 *   SERVERFUL_SNAPSHOT          The snapshot. Without it: $LAMBDA_TASK_ROOT/serverful.snapshot if
 *                               that exists, else /opt/serverful.snapshot, where a layer puts it.
 *   SERVERFUL_CORS              0: send no CORS headers, because the HTTP API or the function URL
 *                               sends them.
 *   SERVERFUL_BASE_PATH         The base path of a custom domain or a front end, such as /v1, where the
 *                               events do not tell it.
 *   _HANDLER                    The name of a route ("segment"): serve that route only. Any other
 *                               value is ignored.
 *   AWS_LAMBDA_MAX_CONCURRENCY  Invocations that Lambda Managed Instances send at once: bootstrap
 *                               starts one process for each. Lambda sets it.
 *   SERVERFUL_METRICS           The namespace of metrics by route and status in CloudWatch; without it,
 *                               none are written.
 *   AWS_LAMBDA_LOG_FORMAT       JSON: log JSON objects. Lambda sets it.
 *   AWS_LAMBDA_LOG_LEVEL        The least level to log, such as WARN; INFO by default. Lambda sets it.
 */
#include "api/handler.h"
#include "api/route.h"
#include "lambda/deadline.h"
#include "lambda/event_log.h"
#include "lambda/metrics.h"
#include "lambda/prefork.h"
#include "lambda/proxy.h"
#include "lambda/runtime.h"
#include "snapshot/snapshot.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Bytes of an event above which its memory is released: otherwise too little may be left for a later
 * event that needs memory for something else. */
#define RELEASE_ABOVE (64 * 1024)

struct bootstrap {
    unsigned n_processes; /* The number of processes that take events. */
    struct snapshot snapshot;
    struct api api;
    struct proxy *proxy;
    struct metrics metrics;
};

/* The path of the snapshot. `buffer`, of `size` bytes, holds it where it is not static. */
static const char *find_snapshot(char *buffer, size_t size)
{
    const char *path = getenv("SERVERFUL_SNAPSHOT"), *root = getenv("LAMBDA_TASK_ROOT");
    if (path && *path)
        return path;
    int len = root ? snprintf(buffer, size, "%s/serverful.snapshot", root) : 0;
    bool exists = len > 0 && (size_t)len < size && !access(buffer, F_OK);
    return exists ? buffer : "/opt/serverful.snapshot";
}

/* Make the memory of the answers. Returns NULL with a reason. */
static struct proxy *make_proxy(struct err *err)
{
    struct proxy *proxy = proxy_new(getenv("SERVERFUL_BASE_PATH"));
    if (!proxy)
        err_set(err, "out of memory for the answers");
    return proxy;
}

/* Get ready for events. Returns 0, in each process if several take events; or -1 with a reason. */
static int start_bootstrap(struct bootstrap *bootstrap, struct err *err)
{
    char path[4096];
    const char *cors = getenv("SERVERFUL_CORS");
    if (prefork_parse(getenv("AWS_LAMBDA_MAX_CONCURRENCY"), &bootstrap->n_processes, err) ||
        metrics_open(&bootstrap->metrics, getenv("SERVERFUL_METRICS"), err) ||
        snapshot_open(&bootstrap->snapshot, find_snapshot(path, sizeof path), err) ||
        api_init(&bootstrap->api, err))
        return -1;
    bootstrap->api.snapshot = &bootstrap->snapshot;
    bootstrap->api.pinned = route_by_name(str_of(getenv("_HANDLER")));
    bootstrap->api.no_cors = cors && !strcmp(cors, "0");
    bootstrap->proxy = make_proxy(err);
    if (!bootstrap->proxy)
        return -1;
    return bootstrap->n_processes > 1 ? prefork(bootstrap->n_processes, err) : 0;
}

static void free_bootstrap(struct bootstrap *bootstrap)
{
    metrics_free(&bootstrap->metrics);
    proxy_free(bootstrap->proxy);
    api_free(&bootstrap->api);
    snapshot_close(&bootstrap->snapshot);
}

/* Log the reason of a failure. */
static void log_reason(enum event_log_level level, const struct err *err)
{
    event_log_print(level, "%s", err->text);
}

/* Give the memory of an event back. Returns 0, or -1 with a reason where the process must
 * exit. */
static int release_memory(struct bootstrap *bootstrap, struct err *err)
{
    proxy_free(bootstrap->proxy);
    api_free(&bootstrap->api);
    malloc_trim(0);
    bootstrap->proxy = make_proxy(err);
    if (!bootstrap->proxy)
        return -1;
    return api_init(&bootstrap->api, err);
}

/* Answer one event. Returns 0, or -1 with a reason where the process must exit. */
static int answer_event(struct bootstrap *bootstrap, struct runtime *runtime, struct str event,
                        struct err *err)
{
    struct proxy_answer answer;
    struct err why;
    deadline_begin(runtime_deadline(runtime));
    metrics_begin(&bootstrap->metrics);
    int failed = proxy_answer(bootstrap->proxy, &bootstrap->api, event, &answer, &why);
    metrics_end(&bootstrap->metrics);
    if (failed)
        log_reason(EVENT_LOG_ERROR, &why);
    else
        event_log_print(answer.status >= 500 ? EVENT_LOG_ERROR : EVENT_LOG_DEBUG,
                        "answered with %d by %s", answer.status, answer.route);
    int sent = answer.json.len > 0 ? runtime_respond(runtime, answer.json, err)
                                   : runtime_fail(runtime, answer.type, why.text, err);
    deadline_end();
    if (answer.json.len > 0)
        metrics_write(&bootstrap->metrics, answer.route, answer.status, runtime_id(runtime));
    if (sent > 0)
        log_reason(EVENT_LOG_ERROR, err);
    if (sent < 0)
        return -1;
    return event.len > RELEASE_ABOVE ? release_memory(bootstrap, err) : 0;
}

/* Answer events until the process must exit; `err` is the reason. */
static void serve_events(struct bootstrap *bootstrap, struct runtime *runtime, struct err *err)
{
    struct str event;
    if (bootstrap->n_processes > 1)
        runtime_share(runtime);
    for (int got; (got = runtime_next(runtime, &event, err)) >= 0;) {
        if (got > 0)
            log_reason(EVENT_LOG_ERROR, err);
        else if (answer_event(bootstrap, runtime, event, err))
            return;
    }
}

int main(void)
{
    const char *server = getenv("AWS_LAMBDA_RUNTIME_API");
    struct bootstrap bootstrap = {0};
    struct err err, ignored;
    if (!server) {
        fprintf(stderr,
                "bootstrap: AWS_LAMBDA_RUNTIME_API is not set: AWS Lambda starts this program; to "
                "run one event by hand, use 'serverful invoke'\n");
        return 2;
    }
    struct runtime *runtime = runtime_open(server, &err);
    event_log_begin(getenv("AWS_LAMBDA_LOG_FORMAT"), getenv("AWS_LAMBDA_LOG_LEVEL"),
                    runtime ? runtime_id(runtime) : "");
    if (runtime && !start_bootstrap(&bootstrap, &err))
        serve_events(&bootstrap, runtime, &err);
    else if (runtime)
        runtime_fail_init(runtime, "Runtime.InitError", err.text, &ignored);
    log_reason(EVENT_LOG_FATAL, &err);
    free_bootstrap(&bootstrap);
    runtime_close(runtime);
    return 1; /* only a failure ends this program */
}
