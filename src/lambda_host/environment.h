/*
 * environment: an execution environment of Lambda. It consists of one bootstrap process and of the
 * Runtime API for that process, on a port of its own. It runs one invocation at a time and freezes
 * the process in between.
 *
 * An invocation ends when the process asks for the next event, or dies. The environment then prints
 * a line like Lambda's REPORT to standard output. It logs errors to stderr in Lambda's words.
 */
#ifndef LAMBDA_HOST_ENVIRONMENT_H
#define LAMBDA_HOST_ENVIRONMENT_H

#include "lambda_host/process.h"
#include "util/str.h"

#include <event2/event.h>
#include <stdbool.h>

struct environment_limits {
    unsigned timeout_s; /* Seconds that an invocation may take; 1 to AWS_MAX_TIMEOUT_S. */
    unsigned idle_ms;   /* Milliseconds without an invocation after which it ends; at least 1. */
};

enum outcome {
    OUTCOME_RESPONSE,  /* The function has responded. */
    OUTCOME_ERROR,     /* The function reported an error, died, or timed out. */
    OUTCOME_THROTTLED, /* All environments are busy, and their number is at its limit. */
};

/* Bytes of a request id: a UUID as text, with its NUL. */
#define INVOCATION_ID_SIZE 37

/* One event on its way through an environment. The caller owns the struct and keeps it until done()
 * is called, which happens once. */
struct invocation {
    char id[INVOCATION_ID_SIZE];
    struct str event; /* The event's JSON, borrowed until done(). */
    void (*done)(struct invocation *invocation, enum outcome outcome, struct str response);
    void *arg; /* For the caller's use. */
};

struct environment;

/* Start an environment. `setup` and `limits` must outlive it. Returns NULL with a reason. */
struct environment *environment_start(struct event_base *base, const struct process_setup *setup,
                                      const struct environment_limits *limits, struct err *err);

/* Whether the process waits for an event. */
bool environment_is_idle(const struct environment *environment);

/* Whether the environment's process is `pid`. */
bool environment_has(const struct environment *environment, pid_t pid);

/* The time of its last invocation, in milliseconds of CLOCK_MONOTONIC; 0 if there was none. */
double environment_used_at(const struct environment *environment);

/* Invoke the function. The environment must be idle, or just started. */
void environment_invoke(struct environment *environment, struct invocation *invocation);

/* Handle the end of the process, with its wait status: fail the current invocation, and free the
 * environment. */
void environment_ended(struct environment *environment, int status);

/* Kill the process, fail the current invocation, and free the environment; NULL is allowed. */
void environment_free(struct environment *environment);

#endif
