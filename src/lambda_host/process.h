/*
 * process: a running bootstrap, or another client of the Runtime API. It and its children form one
 * process group.
 */
#ifndef LAMBDA_HOST_PROCESS_H
#define LAMBDA_HOST_PROCESS_H

#include "util/err.h"

#include <sys/types.h>

/* How to start the program; see process_start(). */
struct process_setup {
    const char *program; /* The path of the bootstrap. */
    const char *handler; /* The value of _HANDLER. */
    unsigned memory_mb;  /* The value of AWS_LAMBDA_FUNCTION_MEMORY_SIZE. */
};

/*
 * Start the program without arguments in its own directory. It gets the caller's environment and
 * the variables that Lambda sets: AWS_LAMBDA_RUNTIME_API (`server`), LAMBDA_TASK_ROOT (the
 * program's directory), _HANDLER, AWS_REGION and so on. It dies with the caller. Returns its pid,
 * which is also its process group, or -1 with a reason. If the program cannot be executed, the
 * process writes why to stderr and ends with status 127.
 */
pid_t process_start(const struct process_setup *setup, const char *server, struct err *err);

/* Stop the group, as Lambda freezes an environment between invocations; continue it; or kill it.
 * These do nothing after the group has ended. */
void process_freeze(pid_t pid);
void process_thaw(pid_t pid);
void process_kill(pid_t pid);

/* The largest resident memory of the process so far, in kB; 0 after the process has ended. */
unsigned long process_peak_memory(pid_t pid);

#endif
