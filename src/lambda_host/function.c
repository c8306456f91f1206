#include "lambda_host/function.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

struct function {
    const struct function_options *options;
    struct event_base *base;
    struct event *child_ended;
    unsigned n; /* The number of environments. */
    struct environment *environments[FUNCTION_MAX_CONCURRENCY];
};

/* Reap ended processes, and end their environments. */
static void on_child_ended(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct function *function = arg;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (unsigned i = 0; i < function->n; i++) {
            struct environment *environment = function->environments[i];
            if (!environment_has(environment, pid))
                continue;
            function->environments[i] = function->environments[--function->n];
            environment_ended(environment, status);
            break;
        }
    }
}

struct function *function_new(struct event_base *base, const struct function_options *options,
                              struct err *err)
{
    struct function *function = calloc(1, sizeof *function);
    if (function)
        function->child_ended = evsignal_new(base, SIGCHLD, on_child_ended, function);
    if (!function || !function->child_ended) {
        err_set(err, "out of memory for the function");
        free(function);
        return NULL;
    }
    function->base = base;
    function->options = options;
    event_add(function->child_ended, NULL);
    return function;
}

/* The idle environment that was used last, or NULL. */
static struct environment *find_idle_environment(const struct function *function)
{
    struct environment *found = NULL;
    for (unsigned i = 0; i < function->n; i++) {
        struct environment *environment = function->environments[i];
        if (environment_is_idle(environment) &&
            (!found || environment_used_at(environment) > environment_used_at(found)))
            found = environment;
    }
    return found;
}

/* Start another environment. Returns NULL after a message on stderr. */
static struct environment *add_environment(struct function *function)
{
    struct err err;
    struct environment *environment = environment_start(function->base, &function->options->setup,
                                                        &function->options->limits, &err);
    if (environment)
        function->environments[function->n++] = environment;
    else
        fprintf(stderr, "cannot start an environment: %s\n", err.text);
    return environment;
}

void function_invoke(struct function *function, struct invocation *invocation)
{
    struct environment *environment = find_idle_environment(function);
    if (!environment && function->n == function->options->concurrency) {
        invocation->done(invocation, OUTCOME_THROTTLED, str_of(""));
        return;
    }
    if (!environment)
        environment = add_environment(function);
    if (environment)
        environment_invoke(environment, invocation);
    else
        invocation->done(invocation, OUTCOME_ERROR, str_of(""));
}

void function_free(struct function *function)
{
    if (!function)
        return;
    for (unsigned i = 0; i < function->n; i++)
        environment_free(function->environments[i]);
    event_free(function->child_ended);
    free(function);
}
