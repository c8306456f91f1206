#include "fastcgi/children.h"

#include "fastcgi/compiler.h"
#include "fastcgi/stuck.h"
#include "fastcgi/worker.h"
#include "util/clock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPILATION_LIMIT_S 600 /* how long a compilation may take */

static const char *const role_names[SLOT_ROLES] = {
    [SLOT_WORKER] = "worker", [SLOT_COMPILER] = "compiler"};

static bool is_old(const struct children *children, const struct slot *slot)
{
    return slot->epoch != children->scoreboard->epoch;
}

/* Run a new child in its slot. The kernel ends it with the supervisor, even if that is killed. */
static int child_main(struct children *children, struct slot *slot, pid_t supervisor,
                      struct err *err)
{
    const struct pool_options *options = children->options;
    children->is_child = true;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_NAME, slot->role == SLOT_WORKER ? "pool-worker" : "pool-compiler");
    if (getppid() != supervisor) /* it died before PR_SET_PDEATHSIG had an effect */
        return 0;
    if (slot->role == SLOT_WORKER)
        return worker_run(&(struct worker_options){.listener = children->listener,
                                                   .exchange = children->exchange,
                                                   .turns = children->turns,
                                                   .snapshot = options->snapshot,
                                                   .scoreboard = children->scoreboard,
                                                   .slot = slot,
                                                   .log = children->log,
                                                   .max_requests = options->max_requests},
                          err);
    compiler_run(&(struct compiler_options){.store = options->store,
                                            .snapshot = options->snapshot,
                                            .receive = options->receive,
                                            .scoreboard = children->scoreboard,
                                            .slot = slot,
                                            .log = children->log});
    return 0;
}

/* Start one child. Returns 0 in the supervisor, even on failure; in the child, what it returned. */
static int start_child(struct children *children, enum slot_role role, struct err *err)
{
    pid_t supervisor = getpid();
    struct slot *slot = scoreboard_claim_slot(children->scoreboard, role);
    pid_t pid = slot ? fork() : (errno = EAGAIN, -1);
    if (pid == 0)
        return child_main(children, slot, supervisor, err);
    if (pid < 0) {
        log_print(children->log, "cannot start a %s: %s", role_names[role], strerror(errno));
        back_off_record_fork_failure(&children->back_off[role]);
        return 0;
    }
    slot->pid = pid;
    return 0;
}

static bool compiler_is_missing(const struct children *children)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        const struct slot *slot = &children->scoreboard->slots[i];
        if (slot->pid && slot->role == SLOT_COMPILER)
            return false;
    }
    return back_off_is_over(&children->back_off[SLOT_COMPILER]);
}

static bool worker_is_missing(const struct children *children)
{
    unsigned n = 0;
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        const struct slot *slot = &children->scoreboard->slots[i];
        n += slot->pid && slot->role == SLOT_WORKER && !is_old(children, slot) &&
             !slot->stop_requested;
    }
    return n < children->options->workers && back_off_is_over(&children->back_off[SLOT_WORKER]);
}

int children_start_missing(struct children *children, bool workers, struct err *err)
{
    int status = 0;
    if (compiler_is_missing(children))
        status = start_child(children, SLOT_COMPILER, err);
    while (workers && !children->is_child && worker_is_missing(children))
        status = start_child(children, SLOT_WORKER, err);
    return status;
}

static void log_death(const struct children *children, const struct slot *slot, int status)
{
    const char *name = role_names[slot->role];
    int pid = slot->pid;
    if (WIFSIGNALED(status))
        log_print(children->log, "%s %d was killed by signal %d", name, pid, WTERMSIG(status));
    else
        log_print(children->log, "%s %d exited with status %d", name, pid, WEXITSTATUS(status));
}

/* Whether a process died at its start: a worker before it could answer, a compiler within 1 s. */
static bool died_early(const struct slot *slot)
{
    if (slot->role == SLOT_WORKER)
        return slot->state == SLOT_STARTING;
    return clock_now() - slot->started < CLOCK_S;
}

static enum restart_cause cause_of_end(const struct slot *slot, int status)
{
    if (slot->stop_requested)
        return RESTART_RELOADED;
    if (slot->timed_out)
        return RESTART_TIMEOUT;
    return status ? RESTART_DIED : RESTART_RECYCLED;
}

/* The process in a slot has ended: count and log it, and free the slot. */
static void record_end(struct children *children, struct slot *slot, int status)
{
    enum restart_cause cause = cause_of_end(slot, status);
    if (slot->role == SLOT_WORKER && !children->stopping)
        scoreboard_count(&children->scoreboard->restarts[cause], 1);
    if (cause == RESTART_DIED && !children->stopping) {
        log_death(children, slot, status);
        back_off_record_death(&children->back_off[slot->role], died_early(slot));
    }
    slot->since = 0;
    slot->pid = 0;
}

void children_record_status(struct children *children, pid_t pid, int status)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        struct slot *slot = &children->scoreboard->slots[i];
        if (slot->pid != pid)
            continue;
        if (WIFSTOPPED(status))
            slot->stopped_since = clock_now();
        else if (WIFCONTINUED(status))
            slot->stopped_since = 0;
        else
            record_end(children, slot, status);
    }
}

void children_kill_stuck(const struct children *children)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        struct slot *slot = &children->scoreboard->slots[i];
        bool is_worker = slot->role == SLOT_WORKER;
        unsigned limit = is_worker ? children->options->request_timeout : COMPILATION_LIMIT_S;
        stuck_kill(children->scoreboard, slot, limit, role_names[slot->role], children->log);
    }
}

void children_signal(const struct children *children, int number)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        if (children->scoreboard->slots[i].pid)
            kill(children->scoreboard->slots[i].pid, number);
    }
}

static void stop_child(struct slot *slot, int number)
{
    slot->stop_requested = true;
    kill(slot->pid, number);
}

void children_stop(const struct children *children)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        if (children->scoreboard->slots[i].pid)
            stop_child(&children->scoreboard->slots[i], SIGQUIT);
    }
}

bool children_any_left(const struct children *children)
{
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        if (children->scoreboard->slots[i].pid)
            return true;
    }
    return false;
}

/* The number of new workers that can answer. */
static unsigned count_ready(const struct children *children)
{
    unsigned n = 0;
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        const struct slot *slot = &children->scoreboard->slots[i];
        n += slot->pid && slot->role == SLOT_WORKER && !is_old(children, slot) &&
             slot->state != SLOT_STARTING;
    }
    return n;
}

bool children_replace_old(const struct children *children)
{
    unsigned wanted = children->options->workers, ready = count_ready(children), kept = 0;
    bool any_old = false;
    for (unsigned i = 0; i < children->scoreboard->n_slots; i++) {
        struct slot *slot = &children->scoreboard->slots[i];
        if (!slot->pid || !is_old(children, slot))
            continue;
        any_old = true;
        if (slot->stop_requested)
            continue;
        if (slot->role == SLOT_COMPILER || ready + kept >= wanted)
            stop_child(slot, SIGTERM);
        else
            kept++;
    }
    return any_old;
}
