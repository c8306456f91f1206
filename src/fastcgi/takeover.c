#include "fastcgi/takeover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* "BOARD LISTENER TRIAL", three numbers. */
#define VARIABLE "SERVERFUL_TAKEOVER"

bool takeover_read(struct takeover *takeover)
{
    const char *text = getenv(VARIABLE);
    int trial = 0;
    if (!text || sscanf(text, "%d %d %d", &takeover->scoreboard, &takeover->listener, &trial) != 3)
        return false;
    takeover->trial = trial != 0;
    unsetenv(VARIABLE);
    fcntl(takeover->scoreboard, F_SETFD, FD_CLOEXEC);
    if (takeover->listener != STDIN_FILENO)
        fcntl(takeover->listener, F_SETFD, FD_CLOEXEC);
    return true;
}

int takeover_run(char *const *argv, const struct takeover *takeover, struct err *err)
{
    char text[64];
    snprintf(text, sizeof text, "%d %d %d", takeover->scoreboard, takeover->listener,
             takeover->trial);
    if (setenv(VARIABLE, text, 1) || fcntl(takeover->scoreboard, F_SETFD, 0) ||
        fcntl(takeover->listener, F_SETFD, 0))
        return err_errno(err, "cannot hand over to %s", argv[0]);
    execvp(argv[0], argv);
    int reason = errno;
    takeover_read(&(struct takeover){0});
    errno = reason;
    return err_errno(err, "cannot run %s", argv[0]);
}

pid_t takeover_try(char *const *argv, const struct takeover *takeover, struct err *err)
{
    struct takeover trial = *takeover;
    trial.trial = true;
    pid_t pid = fork();
    if (pid < 0)
        return err_errno(err, "cannot start a process");
    if (pid > 0)
        return pid;
    takeover_run(argv, &trial, err);
    dprintf(STDERR_FILENO, "serverful pool: %s\n", err->text);
    _exit(1); /* not the caller's: it is a copy of the supervisor, which must not go on */
}
