#include "lambda/prefork.h"

#include "lambda/event_log.h"
#include "util/clock.h"
#include "util/decimal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds after which a child counts as started well. */
#define GOOD_LIFE_MS 1000

/* Milliseconds before a child that ended earlier than that is replaced. */
#define DELAY_MS 100

struct process {
    pid_t pid;
    int64_t born; /* The time of its start, as of clock_now(). */
};

int prefork_parse(const char *text, unsigned *n, struct err *err)
{
    return decimal_parse("AWS_LAMBDA_MAX_CONCURRENCY", text && *text ? text : "1", 1, PREFORK_MAX,
                         n, err);
}

/* Fork a child. Returns 0 in the child, 1 in the parent, and -1 with a reason on failure. */
static int fork_child(struct process *process, struct err *err)
{
    pid_t parent = getpid();
    process->born = clock_now();
    process->pid = fork();
    if (process->pid < 0)
        return err_errno(err, "cannot fork a process for another concurrent invocation");
    if (process->pid > 0)
        return 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    return 0;
}

/* Wait until a child ends, and log how. Returns the child, or NULL with a reason. */
static struct process *await_child_exit(struct process *all, unsigned n, struct err *err)
{
    for (;;) {
        int status;
        pid_t pid = wait(&status);
        if (pid < 0 && errno != EINTR) {
            err_errno(err, "cannot wait for the processes");
            return NULL;
        }
        for (unsigned i = 0; i < n; i++) {
            if (pid < 0 || all[i].pid != pid)
                continue;
            event_log_print(EVENT_LOG_WARN, "process %ld ended with %s %d; starting another",
                            (long)pid, WIFSIGNALED(status) ? "signal" : "exit status",
                            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            return &all[i];
        }
    }
}

/* Replace each child that ends. Returns 0 in each new child, and -1 with a reason in the parent. */
static int replace_children(struct process *all, unsigned n, struct err *err)
{
    for (unsigned failures = 0; failures < 2 * n;) {
        struct process *process = await_child_exit(all, n, err);
        if (!process)
            return -1;
        if (clock_now() - process->born >= GOOD_LIFE_MS * CLOCK_MS) {
            failures = 0;
        } else {
            failures++;
            nanosleep(&(struct timespec){.tv_nsec = DELAY_MS * 1000000L}, NULL);
        }
        int started = fork_child(process, err);
        if (started <= 0)
            return started;
    }
    return err_set(err, "%u processes in a row ended within %d ms of their start", 2 * n,
                   GOOD_LIFE_MS);
}

int prefork(unsigned n, struct err *err)
{
    static struct process all[PREFORK_MAX];
    for (unsigned i = 0; i < n; i++) {
        int started = fork_child(&all[i], err);
        if (started <= 0)
            return started;
    }
    return replace_children(all, n, err);
}
