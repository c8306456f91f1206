#include "config.h"

#include "lambda/runtime.h"

#include "api/json.h"
#include "lambda/http.h"
#include "util/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define BASE  "/2018-06-01/runtime"
#define TRACE "_X_AMZN_TRACE_ID"

struct runtime {
    struct http *http;
    long long deadline; /* of the last event; see runtime_deadline() */
    bool shared;        /* see runtime_share() */
    int failures;       /* answers to /next without an event, in a row */
    char id[128];       /* the request id of the last event */
    char trace[1024];   /* "_X_AMZN_TRACE_ID=…", which environ points to */
    struct buf report;  /* the JSON of a failure */
};

struct runtime *runtime_open(const char *server, struct err *err)
{
    struct runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) {
        err_set(err, "out of memory");
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

/* Keep the request id; false where there is none that can stand in a URL. */
static bool take_id(struct runtime *runtime, const struct http_answer *answer)
{
    struct str id = http_header(answer, "Lambda-Runtime-Aws-Request-Id");
    runtime->id[0] = '\0';
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '-' || c == '_' || c == '.'))
            return false;
    }
    if (id.len == 0 || id.len >= sizeof runtime->id)
        return false;
    memcpy(runtime->id, id.at, id.len);
    runtime->id[id.len] = '\0';
    return true;
}

/* Keep the deadline, a number of at most 15 digits. */
static void take_deadline(struct runtime *runtime, const struct http_answer *answer)
{
    struct str text = http_header(answer, "Lambda-Runtime-Deadline-Ms");
    runtime->deadline = 0;
    for (size_t i = 0; i < text.len && text.len <= 15; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            runtime->deadline = 0;
            return;
        }
        runtime->deadline = runtime->deadline * 10 + (text.at[i] - '0');
    }
}

long long runtime_deadline(const struct runtime *runtime)
{
    return runtime->deadline;
}

/* Put the trace into the environment. It is written in place: setenv() would keep every value that
 * there ever was, and each invocation has its own. */
static void take_trace(struct runtime *runtime, const struct http_answer *answer)
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

/* What the status of an answer to a POST means; see runtime.h. */
static int judge(int status, const char *what, struct err *err)
{
    if (status >= 200 && status < 300)
        return 0;
    err_set(err, "the Runtime API answered %d to %s", status, what);
    return status >= 500 ? -1 : 1;
}

/* Add `text` as a JSON string; what is no UTF-8 in it (a message cut in a character) as question
 * marks. */
static void add_message(struct buf *out, const char *text)
{
    struct err clean;
    size_t len = strlen(text), to = 0;
    for (size_t i = 0; i < len && to + 4 < sizeof clean.text;) {
        uint32_t code;
        size_t n = utf8_read(text + i, len - i, &code);
        if (n == 0)
            clean.text[to++] = '?';
        else
            memcpy(clean.text + to, text + i, n);
        to += n;
        i += n ? n : 1;
    }
    json_add_string(out, (struct str){clean.text, to});
}

/* POST a failure to `target`. */
static int report(struct runtime *runtime, const char *target, const char *type,
                  const char *message, struct err *err)
{
    struct buf *out = &runtime->report;
    buf_reset(out);
    buf_add_text(out, "{\"errorMessage\": ");
    add_message(out, message);
    buf_print(out, ", \"errorType\": \"%s\", \"stackTrace\": []}", type);
    if (out->failed) {
        err_set(err, "out of memory for the report of a failure");
        return 1;
    }
    char headers[128];
    snprintf(headers, sizeof headers, "Lambda-Runtime-Function-Error-Type: %s\r\n", type);
    struct http_answer answer;
    if (http_post(runtime->http, target, headers, buf_str(out), &answer, err))
        return 1;
    return judge(answer.status, "the report of a failure", err);
}

int runtime_fail(struct runtime *runtime, const char *type, const char *message, struct err *err)
{
    char target[sizeof runtime->id + 64];
    snprintf(target, sizeof target, BASE "/invocation/%s/error", runtime->id);
    return report(runtime, target, type, message, err);
}

int runtime_fail_init(struct runtime *runtime, const char *type, const char *message,
                      struct err *err)
{
    return report(runtime, BASE "/init/error", type, message, err);
}

/* Report why the last event came to nothing, and return 1 with that reason; -1 with another where
 * the process cannot go on. */
static int fail_with(struct runtime *runtime, const char *type, struct err why, struct err *err)
{
    if (runtime_fail(runtime, type, why.text, err) < 0)
        return -1;
    *err = why;
    return 1;
}

/* Note that no event came, for which there is a reason already. */
static int no_event(struct runtime *runtime)
{
    return ++runtime->failures < RUNTIME_MAX_FAILURES ? 1 : -1;
}

int runtime_next(struct runtime *runtime, struct str *event, struct err *err)
{
    struct http_answer answer;
    int failed = http_get(runtime->http, BASE "/invocation/next", &answer, err);
    if (failed && answer.status != 200)
        return no_event(runtime);
    if (answer.status != 200) /* 403, 500: not in a state to give events, nor will it be */
        return err_set(err, "the Runtime API answered %d when asked for an event", answer.status);
    if (!take_id(runtime, &answer)) {
        err_set(err, "the Runtime API sent an event without a usable request id");
        return no_event(runtime);
    }
    runtime->failures = 0;
    if (failed)
        return fail_with(runtime, "Runtime.InvalidEvent", *err, err);
    take_deadline(runtime, &answer);
    if (!runtime->shared)
        take_trace(runtime, &answer);
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
        return judge(answer.status, "a response", err);
    struct err why;
    err_set(&why, "the response has %zu bytes, more than Lambda takes", response.len);
    return fail_with(runtime, "Function.ResponseSizeTooLarge", why, err);
}
