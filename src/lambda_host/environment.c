#include "lambda_host/environment.h"

#include "lambda_host/runtime_api.h"
#include "util/aws_limits.h"
#include "util/buf.h"
#include "util/clock.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#define REPLY_MS        5   /* Milliseconds that a reply waits for the process to be idle again. */
#define MEMORY_CHECK_MS 100 /* Milliseconds between two checks of a busy process's memory. */
#define KB_PER_MB       1024

enum state {
    STATE_STARTING, /* The process has not asked for an event yet. */
    STATE_IDLE,     /* The process waits for an event, frozen. */
    STATE_BUSY,     /* The process has an event. */
    STATE_ANSWERED, /* The process has responded, but not asked for the next event. */
    STATE_ENDING,   /* The process has been killed. */
};

struct environment {
    const struct process_setup *setup;
    const struct environment_limits *limits;
    struct runtime_api *api;
    struct event *state_timer;  /* Fires when the current state has lasted too long. */
    struct event *memory_timer; /* Fires for the next check of the process's memory. */
    struct event *reply_timer;  /* Fires when the reply can wait no longer. */
    pid_t pid;                  /* The process; 0 after its end. */
    enum state state;
    struct invocation *invocation; /* The invocation whose caller waits for a reply, or NULL. */
    enum outcome outcome;          /* The outcome for that reply. */
    struct buf response;           /* The response for that reply. */
    char id[INVOCATION_ID_SIZE];   /* The id of the invocation to report; "" if there is none. */
    double started_ms;             /* The time at which the process was started. */
    double init_ms;                /* The duration of the start; 0 once it is reported. */
    double delivered_ms;           /* The time at which the last event was delivered. */
    unsigned long peak_kb;         /* The largest resident memory seen. */
    const char *status;            /* The status for the REPORT: NULL, "timeout" or "error". */
    char error[64];                /* The error type for the REPORT, or "". */
};

static void start_timer(struct event *timer, unsigned ms)
{
    struct timeval time = {ms / 1000, ms % 1000 * 1000};
    evtimer_add(timer, &time);
}

/* Pass the outcome of the invocation to its caller, unless that has happened. */
static void reply_to_caller(struct environment *environment)
{
    struct invocation *invocation = environment->invocation;
    event_del(environment->reply_timer);
    environment->invocation = NULL;
    if (invocation)
        invocation->done(invocation, environment->outcome, buf_str(&environment->response));
    environment->outcome = OUTCOME_ERROR;
    buf_reset(&environment->response);
}

static void on_reply_timer(evutil_socket_t fd, short what, void *environment)
{
    (void)fd, (void)what;
    reply_to_caller(environment);
}

/* Print the REPORT line of the invocation. As on Lambda, the billed duration of a process's first
 * invocation includes the duration of its start, and every billed duration is rounded up to 1 ms. */
static void print_report(struct environment *environment)
{
    double duration = clock_now_ms() - environment->delivered_ms, init = environment->init_ms;
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

/* Set the error for the REPORT. */
static void set_error(struct environment *environment, const char *type)
{
    environment->status = "error";
    snprintf(environment->error, sizeof environment->error, "%s", type);
}

/* Kill the process, and log why. */
__attribute__((format(printf, 3, 4))) static void
kill_with(struct environment *environment, const char *status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    environment->status = status;
    environment->state = STATE_ENDING;
    process_kill(environment->pid);
    reply_to_caller(environment);
}

/* Check the process's memory, and kill the process where it has more than its limit. Returns whether
 * it was killed. */
static bool enforce_memory_limit(struct environment *environment)
{
    unsigned long peak = process_peak_memory(environment->pid);
    if (peak > environment->peak_kb)
        environment->peak_kb = peak;
    if (environment->peak_kb / KB_PER_MB < environment->setup->memory_mb)
        return false;
    kill_with(environment, "error",
              "RequestId: %s Error: Runtime exited with error: signal: killed\n"
              "Runtime.OutOfMemory: used %lu MB of %u MB\n",
              environment->id, environment->peak_kb / KB_PER_MB, environment->setup->memory_mb);
    set_error(environment, "Runtime.OutOfMemory");
    return true;
}

static void on_memory_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct environment *environment = arg;
    if (!enforce_memory_limit(environment))
        start_timer(environment->memory_timer, MEMORY_CHECK_MS);
}

/* Kill the process: it has been idle, has been starting, or has worked on an event for too long. */
static void on_state_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct environment *environment = arg;
    if (environment->state == STATE_IDLE)
        kill_with(environment, NULL, "%s", "");
    else if (environment->state == STATE_STARTING)
        kill_with(environment, "timeout",
                  "INIT_REPORT Init Duration: %d000.00 ms\tPhase: init\tStatus: timeout\n",
                  AWS_INIT_TIMEOUT_S);
    else
        kill_with(environment, "timeout", "%s Task timed out after %u.00 seconds\n",
                  environment->id, environment->limits->timeout_s);
}

/* Deliver the event of the current invocation to the process. */
static void deliver_event(struct environment *environment)
{
    struct invocation *invocation = environment->invocation;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned timeout_ms = environment->limits->timeout_s * 1000;
    environment->state = STATE_BUSY;
    memcpy(environment->id, invocation->id, sizeof environment->id);
    environment->delivered_ms = clock_now_ms();
    start_timer(environment->state_timer, timeout_ms);
    start_timer(environment->memory_timer, MEMORY_CHECK_MS);
    runtime_api_deliver(environment->api, environment->id,
                        (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + timeout_ms,
                        invocation->event);
}

/* Freeze the process until the next invocation. */
static void become_idle(struct environment *environment)
{
    event_del(environment->memory_timer);
    start_timer(environment->state_timer, environment->limits->idle_ms);
    process_freeze(environment->pid);
}

/* Set the error type for an answer of the Runtime API. Returns the answer's status. */
static int refuse_call(int status, const char **refusal, const char *type)
{
    *refusal = type;
    return status;
}

static int on_next(void *arg, const char **refusal)
{
    struct environment *environment = arg;
    enum state before = environment->state;
    if ((before != STATE_STARTING && before != STATE_ANSWERED) || enforce_memory_limit(environment))
        return refuse_call(403, refusal, "InvalidStateTransition");
    environment->state = STATE_IDLE;
    if (before == STATE_STARTING) {
        environment->init_ms = clock_now_ms() - environment->started_ms;
    } else {
        print_report(environment);
        reply_to_caller(environment);
    }
    if (environment->invocation)
        deliver_event(environment);
    else
        become_idle(environment);
    return 0;
}

/* Whether the process may post the outcome of invocation `id` now. Returns 202 or a refusal. */
static int check_post(const struct environment *environment, struct str id, const char **refusal)
{
    if (environment->state != STATE_BUSY)
        return refuse_call(403, refusal, "InvalidStateTransition");
    return str_is(id, environment->id) ? 202 : refuse_call(400, refusal, "InvalidRequestID");
}

/* Store the outcome. The reply waits until the process asks for the next event, so that a request
 * which follows at once finds the environment idle; but it waits for REPLY_MS at most. */
static void store_outcome(struct environment *environment, enum outcome outcome,
                          struct str response)
{
    environment->state = STATE_ANSWERED;
    environment->outcome = outcome;
    buf_add_str(&environment->response, response);
    if (environment->response.failed)
        environment->outcome = OUTCOME_ERROR;
    start_timer(environment->reply_timer, REPLY_MS);
}

static int on_response(void *arg, struct str id, struct str body, const char **refusal)
{
    struct environment *environment = arg;
    int status = check_post(environment, id, refusal);
    if (status == 202 && body.len > AWS_MAX_RESPONSE)
        return refuse_call(413, refusal, "RequestEntityTooLarge");
    if (status == 202)
        store_outcome(environment, OUTCOME_RESPONSE, body);
    return status;
}

static int on_error(void *arg, struct str id, const char *type, struct str body,
                    const char **refusal)
{
    struct environment *environment = arg;
    int status = check_post(environment, id, refusal);
    if (status == 202) {
        fprintf(stderr, "RequestId: %s Error: %s: %.*s\n", environment->id, type, (int)body.len,
                body.at);
        set_error(environment, type);
        store_outcome(environment, OUTCOME_ERROR, str_of(""));
    }
    return status;
}

static int on_init_error(void *arg, const char *type, struct str body, const char **refusal)
{
    struct environment *environment = arg;
    if (environment->state != STATE_STARTING)
        return refuse_call(403, refusal, "InvalidStateTransition");
    kill_with(environment, "error",
              "INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: error\tError Type: %s: "
              "%.*s\n",
              clock_now_ms() - environment->started_ms, type, (int)body.len, body.at);
    return 202;
}

/* Make the timers, and start Runtime API and process. Returns 0 or -1 with a reason. */
static int start_parts(struct environment *environment, struct event_base *base, struct err *err)
{
    static const struct runtime_api_calls calls = {on_next, on_response, on_error, on_init_error};
    environment->state_timer = evtimer_new(base, on_state_timer, environment);
    environment->memory_timer = evtimer_new(base, on_memory_timer, environment);
    environment->reply_timer = evtimer_new(base, on_reply_timer, environment);
    if (!environment->state_timer || !environment->memory_timer || !environment->reply_timer)
        return err_set(err, "out of memory for the timers of an environment");
    environment->api = runtime_api_open(base, &calls, environment, err);
    if (!environment->api)
        return -1;
    environment->started_ms = clock_now_ms();
    pid_t pid = process_start(environment->setup, runtime_api_address(environment->api), err);
    environment->pid = pid > 0 ? pid : 0;
    return pid > 0 ? 0 : -1;
}

struct environment *environment_start(struct event_base *base, const struct process_setup *setup,
                                      const struct environment_limits *limits, struct err *err)
{
    struct environment *environment = calloc(1, sizeof *environment);
    if (!environment) {
        err_set(err, "out of memory for an environment");
        return NULL;
    }
    environment->setup = setup;
    environment->limits = limits;
    environment->outcome = OUTCOME_ERROR;
    if (start_parts(environment, base, err)) {
        environment_free(environment);
        return NULL;
    }
    start_timer(environment->state_timer, AWS_INIT_TIMEOUT_S * 1000);
    start_timer(environment->memory_timer, MEMORY_CHECK_MS);
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
    return environment->delivered_ms;
}

void environment_invoke(struct environment *environment, struct invocation *invocation)
{
    environment->invocation = invocation;
    if (environment->state != STATE_IDLE)
        return; /* the process is starting, and will ask for the event */
    process_thaw(environment->pid);
    deliver_event(environment);
}

void environment_ended(struct environment *environment, int status)
{
    if (environment->state != STATE_ENDING) {
        fprintf(stderr,
                "RequestId: %s Error: Runtime exited with error: %s %d\nRuntime.ExitError\n",
                environment->id, WIFSIGNALED(status) ? "signal" : "exit status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        set_error(environment, "Runtime.ExitError");
    }
    environment->pid = 0;
    reply_to_caller(environment);
    if (environment->id[0])
        print_report(environment);
    environment_free(environment);
}

void environment_free(struct environment *environment)
{
    if (!environment)
        return;
    struct event *timers[] = {environment->state_timer, environment->memory_timer,
                              environment->reply_timer};
    if (environment->pid)
        process_kill(environment->pid);
    if (environment->invocation)
        reply_to_caller(environment);
    runtime_api_close(environment->api);
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        if (timers[i])
            event_free(timers[i]);
    }
    buf_free(&environment->response);
    free(environment);
}
