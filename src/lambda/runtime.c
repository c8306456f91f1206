#include "lambda/runtime.h"

#include "lambda/http.h"
#include "lambda/message.h"
#include "util/decimal.h"

#include <stdio.h>
#include <stdlib.h>

#define BASE  "/2018-06-01/runtime"
#define TRACE "_X_AMZN_TRACE_ID"

/* Milliseconds since 1970 of the first deadline that is invalid, in the year 33658. */
#define MAX_DEADLINE 1000000000000000LL

struct runtime {
    struct http *http;
    long long deadline; /* The deadline of the last event; see runtime_deadline(). */
    bool shared;        /* Whether runtime_share() was called. */
    int failures;       /* Consecutive answers to /next without an event. */
    char id[128];       /* The request id of the last event. */
    char trace[1024];   /* "_X_AMZN_TRACE_ID=…", to which environ points. */
    struct buf report;  /* The JSON of an error report. */
};

struct runtime *runtime_open(const char *server, struct err *err)
{
    struct runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) {
        err_set(err, "out of memory for the client of the Runtime API");
        return NULL;
    }
    runtime->http = http_open(server, err);
    if (!runtime->http) {
        free(runtime);
        return NULL;
    }
    return runtime;
}

void runtime_close(struct runtime *runtime)
{
    if (!runtime)
        return;
    if (runtime->trace[0])
        unsetenv(TRACE);
    http_close(runtime->http);
    buf_free(&runtime->report);
    free(runtime);
}

void runtime_share(struct runtime *runtime)
{
    runtime->shared = true;
}

/* Store the request id. Returns false if it is missing, too long, or would need percent-encoding in
 * a URL. */
static bool store_id(struct runtime *runtime, const struct http_answer *answer)
{
    static const char safe[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.";
    struct str id = http_header(answer, "Lambda-Runtime-Aws-Request-Id");
    if (id.len == 0 || id.len >= sizeof runtime->id)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        if (!memchr(safe, id.at[i], sizeof safe - 1))
            return false;
    }
    memcpy(runtime->id, id.at, id.len);
    runtime->id[id.len] = '\0';
    return true;
}

const char *runtime_id(const struct runtime *runtime)
{
    return runtime->id;
}

/* Store the deadline; 0 if it is missing or invalid. */
static void store_deadline(struct runtime *runtime, const struct http_answer *answer)
{
    uint64_t ms;
    bool given = decimal_read(http_header(answer, "Lambda-Runtime-Deadline-Ms"), &ms);
    runtime->deadline = given && ms < MAX_DEADLINE ? (long long)ms : 0;
}

long long runtime_deadline(const struct runtime *runtime)
{
    return runtime->deadline;
}

/* Set the environment variable of the trace. It is written in place, because setenv() would leak the
 * value of every invocation. */
static void set_trace(struct runtime *runtime, const struct http_answer *answer)
{
    struct str trace = http_header(answer, "Lambda-Runtime-Trace-Id");
    size_t room = sizeof runtime->trace - sizeof TRACE "=";
    if (trace.len == 0 || trace.len > room) {
        unsetenv(TRACE);
        return;
    }
    snprintf(runtime->trace, sizeof runtime->trace, TRACE "=%.*s", (int)trace.len, trace.at);
    putenv(runtime->trace);
}

/* Map the HTTP status of the answer to a POST to a return value of runtime.h. `what` names what was
 * posted, for the reason. */
static int check_status(int status, const char *what, struct err *err)
{
    if (status >= 200 && status < 300)
        return 0;
    err_set(err, "the Runtime API answered %d to %s", status, what);
    return status >= 500 ? -1 : 1;
}

/* POST an error report to `target`. */
static int post_error(struct runtime *runtime, const char *target, const char *type,
                      const char *message, struct err *err)
{
    struct buf *out = &runtime->report;
    buf_reset(out);
    buf_add_text(out, "{\"errorMessage\": ");
    message_add(out, message);
    buf_print(out, ", \"errorType\": \"%s\", \"stackTrace\": []}", type);
    if (out->failed) {
        err_set(err, "out of memory for an error report");
        return 1;
    }
    char headers[128];
    snprintf(headers, sizeof headers, "Lambda-Runtime-Function-Error-Type: %s\r\n", type);
    struct http_answer answer;
    if (http_post(runtime->http, target, headers, buf_str(out), &answer, err))
        return 1;
    return check_status(answer.status, "an error report", err);
}

int runtime_fail(struct runtime *runtime, const char *type, const char *message, struct err *err)
{
    char target[sizeof runtime->id + 64];
    snprintf(target, sizeof target, BASE "/invocation/%s/error", runtime->id);
    return post_error(runtime, target, type, message, err);
}

int runtime_fail_init(struct runtime *runtime, const char *type, const char *message,
                      struct err *err)
{
    return post_error(runtime, BASE "/init/error", type, message, err);
}

/* Report that the last event failed because of `why`. Returns 1 with that reason, or -1 with another
 * where the process must exit. */
static int fail_because(struct runtime *runtime, const char *type, struct err why, struct err *err)
{
    if (runtime_fail(runtime, type, why.text, err) < 0)
        return -1;
    *err = why;
    return 1;
}

/* Count an answer without an event, for which the caller has set the reason. Returns 1, or -1 after
 * too many in a row. */
static int count_failure(struct runtime *runtime)
{
    return ++runtime->failures < RUNTIME_MAX_FAILURES ? 1 : -1;
}

int runtime_next(struct runtime *runtime, struct str *event, struct err *err)
{
    struct http_answer answer;
    runtime->id[0] = '\0';
    int failed = http_get(runtime->http, BASE "/invocation/next", &answer, err);
    if (failed && answer.status != 200)
        return count_failure(runtime);
    if (answer.status != 200) /* such as 403 and 500, after which no event will come */
        return err_set(err, "the Runtime API answered %d to the request for an event",
                       answer.status);
    if (!store_id(runtime, &answer)) {
        err_set(err, "the Runtime API sent an event without a valid request id");
        return count_failure(runtime);
    }
    runtime->failures = 0;
    if (failed)
        return fail_because(runtime, "Runtime.InvalidEvent", *err, err);
    store_deadline(runtime, &answer);
    if (!runtime->shared)
        set_trace(runtime, &answer);
    *event = answer.body;
    return 0;
}

int runtime_respond(struct runtime *runtime, struct str response, struct err *err)
{
    char target[sizeof runtime->id + 64];
    snprintf(target, sizeof target, BASE "/invocation/%s/response", runtime->id);
    struct http_answer answer;
    if (http_post(runtime->http, target, "", response, &answer, err))
        return 1;
    if (answer.status != 413)
        return check_status(answer.status, "a response", err);
    struct err why;
    err_set(&why, "the response has %zu bytes, which is more than Lambda accepts", response.len);
    return fail_because(runtime, "Function.ResponseSizeTooLarge", why, err);
}
