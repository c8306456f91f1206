/*
 * bootstrap: serverful as an AWS Lambda function with a custom runtime (provided.al2023).
 *
 * Everything is ready before the first event is asked for: the snapshot is mapped, and all else is
 * static.
 *
 *   AWS_LAMBDA_RUNTIME_API  HOST:PORT of the Runtime API; Lambda sets it
 *   SERVERFUL_SNAPSHOT      the snapshot; else $LAMBDA_TASK_ROOT/serverful.snapshot if there is
 *                           one, else /opt/serverful.snapshot, where a layer puts it
 *   SERVERFUL_CORS          0: leave the CORS headers to the HTTP API or the function URL
 *   _HANDLER                a route's name ("segment"): this function has that route only;
 *                           anything else is ignored
 *   AWS_LAMBDA_MAX_CONCURRENCY  so many invocations come at once (Lambda Managed Instances): there
 *                           is a process for each; Lambda sets it
 */
#include "config.h"

#include "api/handler.h"
#include "api/route.h"
#include "lambda/deadline.h"
#include "lambda/prefork.h"
#include "lambda/proxy.h"
#include "lambda/runtime.h"
#include "snapshot/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct bootstrap {
    unsigned processes; /* that take events */
    struct snapshot snapshot;
    struct api api;
    struct proxy *proxy;
};

/* Where the snapshot is; `room` takes the path if it must be put together. */
static const char *find_snapshot(char *room, size_t size)
{
    const char *path = getenv("SERVERFUL_SNAPSHOT"), *root = getenv("LAMBDA_TASK_ROOT");
    if (path && *path)
        return path;
    int len = snprintf(room, size, "%s/serverful.snapshot", root ? root : "");
    return root && len > 0 && (size_t)len < size && !access(room, F_OK) ? room
                                                                        : "/opt/serverful.snapshot";
}

/* Make ready for events: all that can fail has been tried before the first one is asked for. What
 * returns 0 may be one of several processes. */
static int start(struct bootstrap *bootstrap, struct err *err)
{
    char room[4096];
    const char *cors = getenv("SERVERFUL_CORS");
    if (prefork_parse(getenv("AWS_LAMBDA_MAX_CONCURRENCY"), &bootstrap->processes, err) ||
        snapshot_open(&bootstrap->snapshot, find_snapshot(room, sizeof room), err) ||
        api_init(&bootstrap->api, err))
        return -1;
    bootstrap->api.snapshot = &bootstrap->snapshot;
    bootstrap->api.pinned = route_by_name(str_of(getenv("_HANDLER")));
    bootstrap->api.no_cors = cors && !strcmp(cors, "0");
    bootstrap->proxy = proxy_new();
    if (!bootstrap->proxy)
        return err_set(err, "out of memory");
    return bootstrap->processes > 1 ? prefork(bootstrap->processes, err) : 0;
}

static void stop(struct bootstrap *bootstrap)
{
    proxy_free(bootstrap->proxy);
    api_free(&bootstrap->api);
    snapshot_close(&bootstrap->snapshot);
}

/* Lambda sends stderr to the function's log. */
static void say(const struct err *err)
{
    fprintf(stderr, "bootstrap: %s\n", err->text);
}

/* Answer one event. Returns -1 with a reason where the process cannot go on. */
static int answer(struct bootstrap *bootstrap, struct runtime *runtime, struct str event,
                  struct err *err)
{
    struct proxy_answer answer;
    struct err why;
    deadline_begin(runtime_deadline(runtime));
    int failed = proxy_answer(bootstrap->proxy, &bootstrap->api, event, &answer, &why);
    if (failed)
        say(&why);
    int sent = answer.json.len > 0 ? runtime_respond(runtime, answer.json, err)
                                   : runtime_fail(runtime, answer.type, why.text, err);
    deadline_end();
    if (sent > 0)
        say(err);
    return sent < 0 ? -1 : 0;
}

/* Answer events for ever; returns when that cannot go on, with the reason. */
static void serve(struct bootstrap *bootstrap, struct runtime *runtime, struct err *err)
{
    struct str event;
    if (bootstrap->processes > 1)
        runtime_share(runtime);
    for (int got; (got = runtime_next(runtime, &event, err)) >= 0;) {
        if (got > 0)
            say(err);
        else if (answer(bootstrap, runtime, event, err))
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
                "bootstrap: AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS "
                "Lambda. To run one event by hand, use 'serverful invoke'.\n");
        return 2;
    }
    struct runtime *runtime = runtime_open(server, &err);
    if (runtime && !start(&bootstrap, &err))
        serve(&bootstrap, runtime, &err);
    else if (runtime)
        runtime_fail_init(runtime, "Runtime.InitError", err.text, &ignored);
    say(&err);
    stop(&bootstrap);
    runtime_close(runtime);
    return 1; /* only a failure ends this program */
}
