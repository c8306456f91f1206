/*
 * environment: an execution environment of Lambda: one bootstrap process, and the Runtime API that
 * it talks to, on a port of its own. It takes one invocation at a time and is frozen in between.
 *
 * A line like Lambda's REPORT is printed to standard output when an invocation has ended, that is
 * when the process asks for the next event, or has died. What went wrong is said on stderr, in
 * Lambda's words.
 */
#ifndef LAMBDA_HOST_ENVIRONMENT_H
#define LAMBDA_HOST_ENVIRONMENT_H

#include "lambda_host/process.h"
#include "util/str.h"

#include <event2/event.h>
#include <stdbool.h>

/* Bytes of the largest event, and of the largest response, of a synchronous invocation. */
#define ENVIRONMENT_MAX_EVENT    (6 * 1024 * 1024)
#define ENVIRONMENT_MAX_RESPONSE (6 * 1024 * 1024 + 100)

/* What a function is given; see the options of `serverful lambda-host`. */
struct environment_limits {
    unsigned timeout_s; /* for one invocation; 1 to 900 */
    unsigned idle_s;    /* that an environment waits for another before it is ended; at least 1 */
};

enum outcome {
    OUTCOME_RESPONSE,  /* the function has answered */
    OUTCOME_ERROR,     /* it reported an error, died, or took too long */
    OUTCOME_THROTTLED, /* as many environments as there may be are busy */
};

/* One event on its way through an environment. The struct is the caller's, until done() has been
 * called, which is once. */
struct invocation {
    char id[37];      /* a UUID, as text */
    struct str event; /* JSON; to live until done() */
    void (*done)(struct invocation *invocation, enum outcome outcome, struct str response);
    void *arg; /* the caller's own */
};

struct environment;

/* Start an environment; setup and limits must outlive it. Returns NULL with a reason. */
struct environment *environment_start(struct event_base *base, const struct process_setup *setup,
                                      const struct environment_limits *limits, struct err *err);

/* Whether it waits for an event. */
bool environment_is_idle(const struct environment *environment);

/* Whether it is that of the process `pid`. */
bool environment_has(const struct environment *environment, pid_t pid);

/* When it was given an invocation for the last time; larger is later. */
double environment_used_at(const struct environment *environment);

/* Give it an event; to be called when it is idle, or has been started just now. */
void environment_invoke(struct environment *environment, struct invocation *invocation);

/* The process has ended with `status`, as from waitpid(): ends what is under way, and frees the
 * environment. */
void environment_ended(struct environment *environment, int status);

/* Kill the process, and what is under way with it, and free the environment; NULL is allowed. */
void environment_free(struct environment *environment);

#endif
