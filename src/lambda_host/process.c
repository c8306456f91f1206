#include "lambda_host/process.h"

#include "util/decimal.h"

#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Set the environment variables that Lambda sets. Returns 0 or -1 with errno. */
static int set_variables(const struct process_setup *setup, const char *root, const char *server)
{
    char memory[16];
    snprintf(memory, sizeof memory, "%u", setup->memory_mb);
    const char *const variables[][2] = {
        {"AWS_LAMBDA_RUNTIME_API", server},
        {"LAMBDA_TASK_ROOT", root},
        {"_HANDLER", setup->handler},
        {"AWS_LAMBDA_FUNCTION_NAME", "serverful"},
        {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory},
        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/serverful"},
        {"AWS_LAMBDA_LOG_STREAM_NAME", "$LATEST"},
        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
        {"AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"},
        {"AWS_REGION", "us-east-1"},
        {"TZ", ":UTC"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        if (setenv(variables[i][0], variables[i][1], 1))
            return -1;
    }
    return 0;
}

/* Execute the program in this process. Returns only on failure, after a message on stderr. */
static void execute(const struct process_setup *setup, const char *server)
{
    char path[4096], root[4096], *program = realpath(setup->program, NULL);
    snprintf(path, sizeof path, "%s", program ? program : setup->program);
    free(program);
    snprintf(root, sizeof root, "%s", path);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    const char *directory = dirname(root);
    if (!set_variables(setup, directory, server) && !chdir(directory))
        execl(path, path, (char *)NULL);
    perror(path);
}

pid_t process_start(const struct process_setup *setup, const char *server, struct err *err)
{
    pid_t parent = getpid(), pid = fork();
    if (pid < 0)
        return err_errno(err, "cannot fork a process for %s", setup->program);
    if (pid > 0) {
        setpgid(pid, pid); /* the child does the same: either may run first */
        return pid;
    }
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent)
        execute(setup, server);
    _exit(127);
}

void process_freeze(pid_t pid)
{
    kill(-pid, SIGSTOP);
}

void process_thaw(pid_t pid)
{
    kill(-pid, SIGCONT);
}

void process_kill(pid_t pid)
{
    kill(-pid, SIGKILL);
}

/* Parse the value of a line such as "VmHWM:    5432 kB". Returns 0 where it is invalid. */
static unsigned long parse_kb(const char *value)
{
    uint64_t kb = 0;
    struct str rest = str_trim(str_of(value), STR_SPACES), number = str_cut(&rest, ' ');
    return decimal_read(number, &kb) && str_is(rest, "kB") ? kb : 0;
}

unsigned long process_peak_memory(pid_t pid)
{
    char line[256];
    unsigned long peak = 0;
    snprintf(line, sizeof line, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(line, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (!strncmp(line, "VmHWM:", 6))
            peak = parse_kb(line + 6);
    }
    if (file)
        fclose(file);
    return peak;
}
