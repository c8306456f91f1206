#include "fastcgi/upgrade.h"

#include "fastcgi/notify.h"
#include "util/clock.h"
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The environment variable of a handover: "SCOREBOARD LISTENER DRY_RUN GIVE TAKE", five numbers, of
 * which the last two are the exchange's. Running pools of other versions use it, too: neither the
 * name nor the first three can change, and the others may be missing. */
#define VARIABLE "SERVERFUL_TAKEOVER"

/* How long a dry run may take. */
#define DRY_RUN_LIMIT (10 * CLOCK_S)

bool upgrade_receive(struct handover *handover)
{
    const char *text = getenv(VARIABLE);
    struct exchange *exchange = &handover->exchange;
    int dry_run = 0, n = 0;
    if (text)
        n = sscanf(text, "%d %d %d %d %d", &handover->scoreboard, &handover->listener, &dry_run,
                   &exchange->give, &exchange->take);
    if (n < 3)
        return false;
    if (n < 5)
        *exchange = (struct exchange){-1, -1};
    handover->dry_run = dry_run != 0;
    unsetenv(VARIABLE);
    fcntl(handover->scoreboard, F_SETFD, FD_CLOEXEC);
    fcntl(exchange->give, F_SETFD, FD_CLOEXEC);
    fcntl(exchange->take, F_SETFD, FD_CLOEXEC);
    if (handover->listener != STDIN_FILENO)
        fcntl(handover->listener, F_SETFD, FD_CLOEXEC);
    return true;
}

/* Execute argv[0] with the handover. Returns only on failure: -1 with a reason, and the descriptors
 * and the environment as before. */
static int execute_binary(char *const *argv, const struct handover *handover, struct err *err)
{
    char text[64];
    const struct exchange *exchange = &handover->exchange;
    snprintf(text, sizeof text, "%d %d %d %d %d", handover->scoreboard, handover->listener,
             handover->dry_run, exchange->give, exchange->take);
    if (setenv(VARIABLE, text, 1) || fcntl(handover->scoreboard, F_SETFD, 0) ||
        fcntl(handover->listener, F_SETFD, 0) || fcntl(exchange->give, F_SETFD, 0) ||
        fcntl(exchange->take, F_SETFD, 0))
        return err_errno(err, "cannot hand the socket over to %s", argv[0]);
    execvp(argv[0], argv);
    int reason = errno;
    upgrade_receive(&(struct handover){0});
    errno = reason;
    return err_errno(err, "cannot execute %s", argv[0]);
}

/* Start a dry run. Returns its process, which exits with 0 if all is well, or -1 with a reason. */
static pid_t start_dry_run(const struct upgrade *upgrade, struct err *err)
{
    struct handover handover = upgrade->handover;
    handover.dry_run = true;
    pid_t pid = fork();
    if (pid < 0)
        return err_errno(err, "cannot fork for a dry run");
    if (pid > 0)
        return pid;
    execute_binary(upgrade->argv, &handover, err);
    dprintf(STDERR_FILENO, "serverful pool: %s\n", err->text);
    _exit(1); /* do not return: this copy of the supervisor must not act as one */
}

static void log_failure(const struct upgrade *upgrade, const char *reason)
{
    log_print(upgrade->log, "%s; the running program continues", reason);
}

void upgrade_note_program(struct upgrade *upgrade)
{
    if (stat("/proc/self/exe", &upgrade->program))
        upgrade->program = (struct stat){0};
}

/* The path of a program that was found by PATH is unknown, and a missing program may just be being
 * replaced: neither is due. */
bool upgrade_is_due(const struct upgrade *upgrade)
{
    struct stat installed;
    return upgrade->program.st_ino && strchr(upgrade->argv[0], '/') &&
           !stat(upgrade->argv[0], &installed) && !file_is_same(&installed, &upgrade->program);
}

void upgrade_begin(struct upgrade *upgrade)
{
    struct err err;
    char state[64];
    upgrade->requested = false;
    upgrade->began = clock_now();
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, upgrade->began / 1000);
    notify_send(state);
    upgrade->dry_run = start_dry_run(upgrade, &err);
    if (upgrade->dry_run < 0) {
        upgrade->dry_run = 0;
        log_failure(upgrade, err.text);
    }
}

void upgrade_kill_slow_dry_run(const struct upgrade *upgrade)
{
    if (upgrade->dry_run && clock_now() - upgrade->began > DRY_RUN_LIMIT)
        kill(upgrade->dry_run, SIGKILL);
}

void upgrade_finish(struct upgrade *upgrade, int status)
{
    struct err err;
    upgrade->dry_run = 0;
    if (WIFSIGNALED(status)) {
        err_set(&err, "the dry run of %s was killed by signal %d", upgrade->argv[0],
                WTERMSIG(status));
    } else if (status) {
        err_set(&err, "the dry run of %s exited with status %d", upgrade->argv[0],
                WEXITSTATUS(status));
    } else {
        if (upgrade->requested)
            raise(SIGHUP);
        execute_binary(upgrade->argv, &upgrade->handover, &err);
    }
    log_failure(upgrade, err.text);
}

void upgrade_cancel(struct upgrade *upgrade)
{
    upgrade->requested = false;
    if (upgrade->dry_run)
        kill(upgrade->dry_run, SIGKILL);
}
