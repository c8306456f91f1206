/*
 * process: a running bootstrap (or another program that speaks Lambda's Runtime API), with all that
 * it starts, as one process group.
 */
#ifndef LAMBDA_HOST_PROCESS_H
#define LAMBDA_HOST_PROCESS_H

#include "util/err.h"

#include <sys/types.h>

/* What it is told of itself, as Lambda does it: see process_start(). */
struct process_setup {
    const char *program; /* the path of the bootstrap */
    const char *handler; /* _HANDLER */
    unsigned memory_mb;  /* AWS_LAMBDA_FUNCTION_MEMORY_SIZE */
};

/*
 * Start the program without arguments, in its own directory, with the environment of the caller and
 * what Lambda adds to it: AWS_LAMBDA_RUNTIME_API (which is `server`), LAMBDA_TASK_ROOT (the
 * program's directory), _HANDLER, and the AWS_… names that a function may ask for. It ends when the
 * caller ends. Returns its pid, which is also that of its group, or -1 with a reason; a program
 * that cannot be run is one that ends with status 127, after a line on stderr.
 */
pid_t process_start(const struct process_setup *setup, const char *server, struct err *err);

/* Stop the group (SIGSTOP), as Lambda freezes an environment between invocations; let it go on; end
 * it at once. What has ended already is left alone. */
void process_freeze(pid_t pid);
void process_thaw(pid_t pid);
void process_kill(pid_t pid);

/* Memory that the process has resident, in kB: now, and at most so far. Both 0 where it has ended.
 */
void process_memory(pid_t pid, unsigned long *now, unsigned long *peak);

#endif
