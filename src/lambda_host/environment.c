#include "lambda_host/environment.h"

#include "lambda_host/runtime_api.h"
#include "util/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#define INIT_TIMEOUT_MS 10000
#define REPLY_MS        5   /* how long an answer is held back for the process to be ready again */
#define MEMORY_CHECK_MS 100 /* how often the memory of a busy process is looked at */
#define KB_PER_MB       1024

enum state {
    STATE_STARTING, /* it has not asked for an event yet */
    STATE_IDLE,     /* it waits for one, frozen */
    STATE_BUSY,     /* it has one */
    STATE_ANSWERED, /* it has answered, and not yet asked for the next */
    STATE_ENDING,   /* it has been killed */
};

struct environment {
    const struct process_setup *setup;
    const struct environment_limits *limits;
    struct runtime_api *api;
    struct event *timer;  /* the end of the state it is in */
    struct event *memory; /* the next look at its memory */
    struct event *reply;  /* the end of waiting with an answer */
    pid_t pid;
    enum state state;
    struct invocation *invocation; /* whose caller has no answer yet, or NULL */
    enum outcome outcome;          /* of the invocation so far, */
    struct buf response;           /* and its response */
    char id[37];                   /* of the invocation that is to be reported; "" */
    double started_ms;             /* when the process was */
    double init_ms;                /* what its start took; 0 once that is reported */
    double given_ms;               /* when the last event was given */
    unsigned long peak_kb;         /* of its memory */
    const char *status;            /* for the REPORT: NULL, "timeout" or "error", */
    char error[64];                /* and the type of the error, or "" */
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void arm(struct event *timer, unsigned ms)
{
    struct timeval time = {ms / 1000, ms % 1000 * 1000};
    evtimer_add(timer, &time);
}

/* Tell the caller what has become of the invocation, if he does not know yet: what the process has
 * answered, or that it has failed to. */
static void conclude(struct environment *environment)
{
    struct invocation *invocation = environment->invocation;
    event_del(environment->reply);
    environment->invocation = NULL;
    if (invocation)
        invocation->done(invocation, environment->outcome, buf_str(&environment->response));
    environment->outcome = OUTCOME_ERROR;
    buf_reset(&environment->response);
}

static void stop_waiting(evutil_socket_t fd, short what, void *environment)
{
    (void)fd, (void)what;
    conclude(environment);
}

/* The line that Lambda writes for each invocation; the time of the start is billed with the first.
 */
static void report(struct environment *environment)
{
    double duration = now_ms() - environment->given_ms, init = environment->init_ms;
    printf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %u "
           "MB\tMax Memory Used: %lu MB\t",
           environment->id, duration, ceil(duration + init), environment->setup->memory_mb,
           (environment->peak_kb + KB_PER_MB - 1) / KB_PER_MB);
    if (init > 0)
        printf("Init Duration: %.2f ms\t", init);
    if (environment->status)
        printf("Status: %s\t", environment->status);
    if (*environment->error)
        printf("Error Type: %s\t", environment->error);
    printf("\n");
    fflush(stdout);
    environment->id[0] = '\0';
    environment->init_ms = 0;
    environment->status = NULL;
    environment->error[0] = '\0';
}

static void note_error(struct environment *environment, const char *type)
{
    environment->status = "error";
    snprintf(environment->error, sizeof environment->error, "%s", type);
}

/* Kill the process, for a reason that is said in Lambda's words. */
__attribute__((format(printf, 3, 4))) static void
end_with(struct environment *environment, const char *status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    environment->status = status;
    environment->state = STATE_ENDING;
    process_kill(environment->pid);
    conclude(environment);
}

/* Look at the process's memory, and end it where it has more than it may. */
static bool has_too_much(struct environment *environment)
{
    unsigned long now, peak;
    process_memory(environment->pid, &now, &peak);
    if (peak > environment->peak_kb)
        environment->peak_kb = peak;
    if (environment->peak_kb / KB_PER_MB < environment->setup->memory_mb)
        return false;
    end_with(environment, "error",
             "RequestId: %s Error: Runtime exited with error: signal: killed\n"
             "Runtime.OutOfMemory: it had %lu MB\n",
             environment->id, environment->peak_kb / KB_PER_MB);
    note_error(environment, "Runtime.OutOfMemory");
    return true;
}

static void check_memory(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct environment *environment = arg;
    if (!has_too_much(environment))
        arm(environment->memory, MEMORY_CHECK_MS);
}

/* The time for the state it is in is over. */
static void expire(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct environment *environment = arg;
    if (environment->state == STATE_IDLE)
        end_with(environment, NULL, "%s", "");
    else if (environment->state == STATE_STARTING)
        end_with(environment, "timeout",
                 "INIT_REPORT Init Duration: %d.00 ms\tPhase: init\tStatus: timeout\n",
                 INIT_TIMEOUT_MS);
    else
        end_with(environment, "timeout", "%s Task timed out after %u.00 seconds\n", environment->id,
                 environment->limits->timeout_s);
}

static void give(struct environment *environment)
{
    struct invocation *invocation = environment->invocation;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned timeout_ms = environment->limits->timeout_s * 1000;
    environment->state = STATE_BUSY;
    memcpy(environment->id, invocation->id, sizeof environment->id);
    environment->given_ms = now_ms();
    arm(environment->timer, timeout_ms);
    arm(environment->memory, MEMORY_CHECK_MS);
    runtime_api_give(environment->api, environment->id,
                     (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + timeout_ms,
                     invocation->event);
}

static int refuse(int status, const char **refusal, const char *type)
{
    *refusal = type;
    return status;
}

static int on_next(void *arg, const char **refusal)
{
    struct environment *environment = arg;
    enum state before = environment->state;
    if (before != STATE_STARTING && before != STATE_ANSWERED)
        return refuse(403, refusal, "InvalidStateTransition");
    if (has_too_much(environment))
        return refuse(403, refusal, "InvalidStateTransition");
    environment->state = STATE_IDLE;
    if (before == STATE_STARTING) {
        environment->init_ms = now_ms() - environment->started_ms;
    } else {
        report(environment);
        conclude(environment);
    }
    if (environment->invocation) {
        give(environment);
        return 0;
    }
    event_del(environment->memory);
    arm(environment->timer, environment->limits->idle_s * 1000);
    process_freeze(environment->pid);
    return 0;
}

/* Whether the process may answer the invocation `id` now: 202, or why not. */
static int check_answer(const struct environment *environment, struct str id, const char **refusal)
{
    if (environment->state != STATE_BUSY)
        return refuse(403, refusal, "InvalidStateTransition");
    return str_is(id, environment->id) ? 202 : refuse(400, refusal, "InvalidRequestID");
}

/* Note what the process has answered. The caller is told when it asks for the next event, so that a
 * request which follows at once finds it ready; but he does not wait for long. */
static void note(struct environment *environment, enum outcome outcome, struct str response)
{
    environment->state = STATE_ANSWERED;
    environment->outcome = outcome;
    buf_add_str(&environment->response, response);
    if (environment->response.failed)
        environment->outcome = OUTCOME_ERROR;
    arm(environment->reply, REPLY_MS);
}

static int on_response(void *arg, struct str id, struct str body, const char **refusal)
{
    struct environment *environment = arg;
    int status = check_answer(environment, id, refusal);
    if (status == 202 && body.len > ENVIRONMENT_MAX_RESPONSE)
        return refuse(413, refusal, "RequestEntityTooLarge");
    if (status == 202)
        note(environment, OUTCOME_RESPONSE, body);
    return status;
}

static int on_error(void *arg, struct str id, const char *type, struct str body,
                    const char **refusal)
{
    struct environment *environment = arg;
    int status = check_answer(environment, id, refusal);
    if (status == 202) {
        fprintf(stderr, "RequestId: %s Error: %s: %.*s\n", environment->id, type, (int)body.len,
                body.at);
        note_error(environment, type);
        note(environment, OUTCOME_ERROR, str_of(""));
    }
    return status;
}

static int on_init_error(void *arg, const char *type, struct str body, const char **refusal)
{
    struct environment *environment = arg;
    if (environment->state != STATE_STARTING)
        return refuse(403, refusal, "InvalidStateTransition");
    end_with(environment, "error",
             "INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: error\tError Type: %s: "
             "%.*s\n",
             now_ms() - environment->started_ms, type, (int)body.len, body.at);
    return 202;
}

struct environment *environment_start(struct event_base *base, const struct process_setup *setup,
                                      const struct environment_limits *limits, struct err *err)
{
    static const struct runtime_api_calls calls = {on_next, on_response, on_error, on_init_error};
    struct environment *environment = calloc(1, sizeof *environment);
    if (!environment) {
        err_set(err, "out of memory");
        return NULL;
    }
    environment->setup = setup;
    environment->limits = limits;
    environment->timer = evtimer_new(base, expire, environment);
    environment->memory = evtimer_new(base, check_memory, environment);
    environment->reply = evtimer_new(base, stop_waiting, environment);
    environment->outcome = OUTCOME_ERROR;
    environment->api = runtime_api_open(base, &calls, environment, err);
    environment->started_ms = now_ms();
    if (environment->api && environment->timer && environment->memory && environment->reply)
        environment->pid = process_start(setup, runtime_api_address(environment->api), err);
    if (environment->pid <= 0) {
        environment->pid = 0;
        environment_free(environment);
        return NULL;
    }
    arm(environment->timer, INIT_TIMEOUT_MS);
    arm(environment->memory, MEMORY_CHECK_MS);
    return environment;
}

bool environment_is_idle(const struct environment *environment)
{
    return environment->state == STATE_IDLE;
}

bool environment_has(const struct environment *environment, pid_t pid)
{
    return environment->pid == pid;
}

double environment_used_at(const struct environment *environment)
{
    return environment->given_ms;
}

void environment_invoke(struct environment *environment, struct invocation *invocation)
{
    environment->invocation = invocation;
    if (environment->state != STATE_IDLE)
        return; /* it has just been started */
    process_thaw(environment->pid);
    give(environment);
}

void environment_ended(struct environment *environment, int status)
{
    if (environment->state != STATE_ENDING) {
        fprintf(stderr,
                "RequestId: %s Error: Runtime exited with error: %s %d\nRuntime.ExitError\n",
                environment->id, WIFSIGNALED(status) ? "signal" : "exit status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        note_error(environment, "Runtime.ExitError");
    }
    environment->pid = 0;
    conclude(environment);
    if (environment->id[0])
        report(environment);
    environment_free(environment);
}

void environment_free(struct environment *environment)
{
    if (!environment)
        return;
    struct event *events[] = {environment->timer, environment->memory, environment->reply};
    if (environment->pid)
        process_kill(environment->pid);
    if (environment->invocation)
        conclude(environment);
    runtime_api_close(environment->api);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (events[i])
            event_free(events[i]);
    }
    buf_free(&environment->response);
    free(environment);
}
