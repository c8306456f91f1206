#include "fastcgi/pool.h"

#include "api/route.h"
#include "fastcgi/back_off.h"
#include "fastcgi/compiler.h"
#include "fastcgi/listen.h"
#include "fastcgi/log.h"
#include "fastcgi/notify.h"
#include "fastcgi/status_pages.h"
#include "fastcgi/stuck.h"
#include "fastcgi/takeover.h"
#include "fastcgi/upgrade.h"
#include "fastcgi/worker.h"
#include "snapshot/snapshot.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND        1000000000LL
#define TICK_MS       100 /* between two looks at the processes, if none has ended */
#define QUICK_TICK_MS 10  /* the same at the start and while workers are replaced */
#define GRACE_S       10  /* how long processes may take to finish at the end */
#define COMPILE_S     600 /* how long a compilation may take */

struct pool {
    const struct pool_options *options;
    struct log log;
    struct scoreboard *scoreboard;
    int board_fd, listener;
    sigset_t signals; /* those that the supervisor waits for; blocked otherwise */
    bool stopping;
    bool is_child;     /* this process is a fork */
    bool taken_over;   /* workers of the program before may still be there */
    bool is_ready;     /* there is a snapshot, or none can be had for now, and workers may start */
    bool told_systemd; /* that it is ready */
    struct upgrade upgrade;
    struct back_off back_off[SLOT_ROLES]; /* each its own: workers don't wait for the compiler's */
    int64_t last_watchdog;
};

static const char *const role_names[SLOT_ROLES] = {
    [SLOT_WORKER] = "worker", [SLOT_COMPILER] = "compiler"};

/* How many processes of a role there are: those of this supervisor that are not to go, or all. */
static unsigned count(const struct pool *pool, enum slot_role role, bool all)
{
    unsigned n = 0;
    for (unsigned i = 0; i < pool->scoreboard->n_slots; i++) {
        const struct slot *slot = &pool->scoreboard->slots[i];
        bool stays = slot->epoch == pool->scoreboard->epoch && !slot->stop_requested;
        n += slot->pid && slot->role == role && (all || stays);
    }
    return n;
}

/* In a new process: do what the slot is for. Ends with the supervisor, even if that is killed. */
static int child_main(struct pool *pool, struct slot *slot, pid_t supervisor, struct err *err)
{
    const struct pool_options *options = pool->options;
    pool->is_child = true;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_NAME, slot->role == SLOT_WORKER ? "pool-worker" : "pool-compiler");
    if (getppid() != supervisor)
        return 0;
    if (slot->role == SLOT_WORKER)
        return worker_run(&(struct worker_options){pool->listener, options->snapshot,
                                                   pool->scoreboard, slot, &pool->log,
                                                   options->max_requests},
                          err);
    compiler_run(&(struct compiler_options){options->store, options->snapshot, pool->scoreboard,
                                            slot, &pool->log});
    return 0;
}

/* Returns 0; in the new process, what it returned, with `is_child` set. */
static int start(struct pool *pool, enum slot_role role, struct err *err)
{
    pid_t supervisor = getpid();
    struct slot *slot = scoreboard_take_slot(pool->scoreboard, role);
    pid_t pid = slot ? fork() : (errno = EAGAIN, -1);
    if (pid == 0)
        return child_main(pool, slot, supervisor, err);
    if (pid < 0) {
        log_say(&pool->log, "cannot start a %s: %s", role_names[role], strerror(errno));
        back_off_second(&pool->back_off[role]);
        return 0;
    }
    slot->pid = pid;
    return 0;
}

static bool is_missing(const struct pool *pool, enum slot_role role)
{
    if (pool->is_child || !back_off_over(&pool->back_off[role]))
        return false;
    if (role == SLOT_COMPILER)
        return !count(pool, role, true);
    return pool->is_ready && count(pool, role, false) < pool->options->workers;
}

/* Start what is missing, unless processes have just ended at their start. */
static int start_missing(struct pool *pool, struct err *err)
{
    int status = 0;
    if (is_missing(pool, SLOT_COMPILER))
        status = start(pool, SLOT_COMPILER, err);
    while (!status && is_missing(pool, SLOT_WORKER))
        status = start(pool, SLOT_WORKER, err);
    return status;
}

/* A worker is past its start when it can answer; a compiler begins its work at once. */
static bool ended_early(const struct slot *slot)
{
    return slot->role == SLOT_WORKER ? slot->state == SLOT_STARTING
                                     : scoreboard_now() - slot->started < SECOND;
}

/* A process has ended: say why, unless it was told to. */
static void bury(struct pool *pool, struct slot *slot, int status)
{
    enum replace_cause cause = slot->stop_requested ? CAUSE_RELOADED
                               : slot->timed_out    ? CAUSE_TIMEOUT
                               : status             ? CAUSE_DIED
                                                    : CAUSE_RECYCLED;
    const char *name = role_names[slot->role];
    if (slot->role == SLOT_WORKER && !pool->stopping)
        scoreboard_count(&pool->scoreboard->replaced[cause], 1);
    if (cause == CAUSE_DIED && !pool->stopping) {
        if (WIFSIGNALED(status))
            log_say(&pool->log, "%s %d was ended by signal %d", name, (int)slot->pid,
                    WTERMSIG(status));
        else
            log_say(&pool->log, "%s %d ended with status %d", name, (int)slot->pid,
                    WEXITSTATUS(status));
        back_off_count(&pool->back_off[slot->role], ended_early(slot));
    }
    slot->since = 0;
    slot->pid = 0;
}

/* The trial of a new program has ended. A pool that is to end does not become it. */
static void end_trial(struct pool *pool, int status)
{
    pool->told_systemd = false;
    if (pool->stopping)
        pool->upgrade.trial = 0;
    else
        upgrade_end(&pool->upgrade, status);
}

/* See which processes have ended, or were stopped by a signal, or go on. */
static void reap(struct pool *pool)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0;) {
        if (pid == pool->upgrade.trial && !WIFSTOPPED(status) && !WIFCONTINUED(status))
            end_trial(pool, status);
        for (unsigned i = 0; i < pool->scoreboard->n_slots; i++) {
            struct slot *slot = &pool->scoreboard->slots[i];
            if (slot->pid != pid)
                continue;
            if (WIFSTOPPED(status) || WIFCONTINUED(status))
                slot->stopped_since = WIFSTOPPED(status) ? scoreboard_now() : 0;
            else
                bury(pool, slot, status);
        }
    }
}

static void tell_to_end(struct slot *slot)
{
    slot->stop_requested = true;
    kill(slot->pid, SIGTERM);
}

/* After a takeover: for each new worker that answers, one of the old ones may go. */
static void replace_old(struct pool *pool)
{
    struct scoreboard *scoreboard = pool->scoreboard;
    unsigned ready = 0, left = 0;
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        const struct slot *slot = &scoreboard->slots[i];
        bool is_new = slot->epoch == scoreboard->epoch;
        ready += slot->pid && slot->role == SLOT_WORKER && is_new && slot->state != SLOT_STARTING;
        left += slot->pid && !is_new;
    }
    unsigned stay = ready < pool->options->workers ? pool->options->workers - ready : 0;
    for (unsigned i = 0, n = 0; i < scoreboard->n_slots; i++) {
        struct slot *slot = &scoreboard->slots[i];
        if (slot->pid && slot->epoch != scoreboard->epoch && !slot->stop_requested &&
            (slot->role == SLOT_COMPILER || n++ >= stay))
            tell_to_end(slot);
    }
    pool->taken_over = left > 0;
}

/* Whether the workers may start: the store has been looked at once. Where that failed, the snapshot
 * that lies there must do. Returns -1 with a reason where there is none. */
static int check_ready(struct pool *pool, struct err *err)
{
    struct snapshot snapshot;
    struct err missing;
    if (pool->is_ready || !pool->scoreboard->compiler.polls)
        return 0;
    const char *store_error = scoreboard_store_error(pool->scoreboard);
    pool->is_ready = true;
    if (!*store_error)
        return 0;
    if (!snapshot_open(&snapshot, pool->options->snapshot, &missing)) {
        int status = snapshot_verify(&snapshot, &missing);
        snapshot_close(&snapshot);
        if (!status)
            return 0;
    }
    return err_set(err, "%s", store_error);
}

static void reopen_logs(struct pool *pool)
{
    struct err err;
    if (log_open(&pool->log, &err))
        log_say(&pool->log, "%s", err.text);
    for (unsigned i = 0; i < pool->scoreboard->n_slots; i++) {
        if (pool->scoreboard->slots[i].pid)
            kill(pool->scoreboard->slots[i].pid, SIGUSR1);
    }
}

static bool is_busy(const struct pool *pool)
{
    return !pool->is_ready || pool->taken_over || pool->upgrade.trial;
}

/* Wait for a signal, or until it is time to look again. The signal, or -1. */
static int wait_for_signal(const struct pool *pool)
{
    struct timespec tick = {.tv_nsec = (is_busy(pool) ? QUICK_TICK_MS : TICK_MS) * 1000000L};
    return sigtimedwait(&pool->signals, NULL, &tick);
}

static void handle_signal(struct pool *pool, int number)
{
    if (number == SIGTERM || number == SIGINT || number == SIGQUIT)
        pool->stopping = true;
    else if (number == SIGUSR1)
        reopen_logs(pool);
    else if (number == SIGHUP)
        pool->upgrade.wanted = true;
}

static void tell_systemd(struct pool *pool)
{
    int64_t every = notify_watchdog();
    if (!pool->told_systemd && !is_busy(pool)) {
        pool->told_systemd = true;
        notify_send("READY=1");
    }
    if (every && scoreboard_now() - pool->last_watchdog > every / 3) {
        pool->last_watchdog = scoreboard_now();
        notify_send("WATCHDOG=1");
    }
}

/* What is to be done each time round. */
static int tick(struct pool *pool, struct err *err)
{
    reap(pool);
    for (unsigned i = 0; i < pool->scoreboard->n_slots; i++) {
        struct slot *slot = &pool->scoreboard->slots[i];
        unsigned limit = slot->role == SLOT_WORKER ? pool->options->request_timeout : COMPILE_S;
        stuck_end(pool->scoreboard, slot, limit, role_names[slot->role], &pool->log);
    }
    upgrade_check_time(&pool->upgrade);
    if (pool->taken_over)
        replace_old(pool);
    if (pool->upgrade.wanted && !pool->stopping && !is_busy(pool)) {
        upgrade_begin(&pool->upgrade);
        pool->told_systemd = false;
    }
    tell_systemd(pool);
    return check_ready(pool, err);
}

/* Run until told to stop. In a child, returns what it returned. */
static int supervise(struct pool *pool, struct err *err)
{
    while (!pool->stopping) {
        int status = start_missing(pool, err);
        if (status || pool->is_child)
            return status;
        handle_signal(pool, wait_for_signal(pool));
        if (tick(pool, err))
            return -1;
    }
    return 0;
}

/* Let all processes finish, and end those that do not. */
static void end_children(struct pool *pool)
{
    int64_t deadline = scoreboard_now() + GRACE_S * SECOND;
    pool->stopping = true;
    notify_send("STOPPING=1");
    upgrade_cancel(&pool->upgrade);
    for (unsigned i = 0; i < pool->scoreboard->n_slots; i++) {
        if (pool->scoreboard->slots[i].pid)
            tell_to_end(&pool->scoreboard->slots[i]);
    }
    while (reap(pool), count(pool, SLOT_WORKER, true) + count(pool, SLOT_COMPILER, true) ||
                           pool->upgrade.trial) {
        for (unsigned i = 0; i < pool->scoreboard->n_slots && scoreboard_now() > deadline; i++) {
            if (pool->scoreboard->slots[i].pid)
                kill(pool->scoreboard->slots[i].pid, SIGKILL);
        }
        wait_for_signal(pool);
    }
}

static int block_signals(struct pool *pool, struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGCHLD};
    sigemptyset(&pool->signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaddset(&pool->signals, numbers[i]);
    return sigprocmask(SIG_BLOCK, &pool->signals, NULL) ? err_errno(err, "cannot block signals")
                                                        : 0;
}

/* Take the place of the program before: its scoreboard, its socket, its processes. */
static int take_over(struct pool *pool, const struct takeover *takeover, struct err *err)
{
    pool->board_fd = takeover->scoreboard;
    pool->listener = takeover->listener;
    pool->scoreboard = scoreboard_adopt(takeover->scoreboard, err);
    if (!pool->scoreboard || takeover->trial)
        return pool->scoreboard ? 0 : -1;
    pool->scoreboard->epoch++;
    pool->taken_over = pool->is_ready = true;
    return 0;
}

static int begin(struct pool *pool, struct err *err)
{
    pool->scoreboard = scoreboard_new(&pool->board_fd, err);
    if (!pool->scoreboard)
        return -1;
    pool->listener = listen_open(pool->options->listen, err);
    return pool->listener < 0 ? -1 : 0;
}

static void name_routes(struct scoreboard *scoreboard)
{
    scoreboard_add_route(scoreboard, "none");
    for (size_t i = 0; route_at(i); i++)
        scoreboard_add_route(scoreboard, route_at(i)->name);
    for (size_t i = 0; i < STATUS_PAGES; i++)
        scoreboard_add_route(scoreboard, status_pages[i].name);
}

static int run(struct pool *pool, struct err *err)
{
    struct takeover takeover = {0};
    bool other = takeover_read(&takeover);
    if (block_signals(pool, err) || log_open(&pool->log, err) ||
        (other ? take_over(pool, &takeover, err) : begin(pool, err)))
        return -1;
    if (takeover.trial)
        return 0;
    name_routes(pool->scoreboard);
    pool->upgrade = (struct upgrade){.argv = pool->options->argv,
                                     .log = &pool->log,
                                     .scoreboard = pool->board_fd,
                                     .listener = pool->listener};
    int status = supervise(pool, err);
    if (pool->is_child)
        return status;
    end_children(pool);
    listen_close(pool->listener, pool->options->listen);
    return status;
}

int pool_run(const struct pool_options *options, struct err *err)
{
    struct pool pool = {
        .options = options,
        .log = {.path = options->error_log, .access_path = options->access_log, .access = -1},
        .board_fd = -1,
        .listener = -1};
    int status = run(&pool, err);
    scoreboard_free(pool.scoreboard);
    if (pool.board_fd >= 0)
        close(pool.board_fd);
    log_close(&pool.log);
    return status;
}
