#include "lambda/prefork.h"

#include "util/str.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A process that has lived for so many milliseconds did not fail at its start. */
#define GOOD_LIFE_MS 1000

/* What a process that failed at its start costs its successor, in milliseconds. */
#define DELAY_MS 100

struct process {
    pid_t pid;
    long long born; /* ms */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int prefork_parse(const char *text, unsigned *n, struct err *err)
{
    char *end = NULL;
    unsigned long number = text && *text ? strtoul(text, &end, 10) : 1;
    if ((end && *end) || (text && *text == '-') || number < 1 || number > PREFORK_MAX)
        return err_set(err, "AWS_LAMBDA_MAX_CONCURRENCY is '%.20s', not a number from 1 to %d",
                       text, PREFORK_MAX);
    *n = (unsigned)number;
    return 0;
}

/* Start one; 0 in the new process, 1 in its parent, -1 with a reason. */
static int split_off(struct process *process, struct err *err)
{
    pid_t parent = getpid();
    process->born = now_ms();
    process->pid = fork();
    if (process->pid < 0)
        return err_errno(err, "cannot start a process");
    if (process->pid > 0)
        return 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    return 0;
}

/* Wait for the end of one of them, and say how it ended. NULL with a reason where none is left. */
static struct process *await_end(struct process *all, unsigned n, struct err *err)
{
    for (;;) {
        int status;
        pid_t pid = wait(&status);
        if (pid < 0 && errno != EINTR) {
            err_errno(err, "cannot wait for a process");
            return NULL;
        }
        for (unsigned i = 0; i < n; i++) {
            if (pid < 0 || all[i].pid != pid)
                continue;
            fprintf(stderr, "bootstrap: process %ld ended, %s %d; another takes its place\n",
                    (long)pid, WIFSIGNALED(status) ? "by signal" : "with status",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            return &all[i];
        }
    }
}

/* Replace those that end; 0 in each that is started, -1 with a reason. */
static int replace(struct process *all, unsigned n, struct err *err)
{
    for (unsigned failures = 0; failures < 2 * n;) {
        struct process *process = await_end(all, n, err);
        if (!process)
            return -1;
        if (now_ms() - process->born >= GOOD_LIFE_MS) {
            failures = 0;
        } else {
            failures++;
            nanosleep(&(struct timespec){.tv_nsec = DELAY_MS * 1000000L}, NULL);
        }
        int started = split_off(process, err);
        if (started <= 0)
            return started;
    }
    return err_set(err, "%u processes in a row ended as soon as they had started", 2 * n);
}

int prefork(unsigned n, struct err *err)
{
    static struct process all[PREFORK_MAX];
    for (unsigned i = 0; i < n; i++) {
        int started = split_off(&all[i], err);
        if (started <= 0)
            return started;
    }
    return replace(all, n, err);
}
