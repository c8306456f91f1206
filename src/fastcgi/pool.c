#include "fastcgi/pool.h"

#include "api/route.h"
#include "fastcgi/compiler.h"
#include "fastcgi/listen.h"
#include "fastcgi/log.h"
#include "fastcgi/notify.h"
#include "fastcgi/pages.h"
#include "fastcgi/takeover.h"
#include "fastcgi/worker.h"
#include "snapshot/map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND        1000000000LL
#define TICK_MS       100 /* between two looks at the processes, if none has ended */
#define QUICK_TICK_MS 10  /* the same at the start and while workers are replaced */
#define GRACE_S       10  /* how long processes may take to finish at the end */
#define COMPILE_S     600 /* how long a compilation may take */
#define TRIAL_S       10  /* how long a new program may take to say that it can start */
#define BACK_OFF_MS   100 /* the first pause before a process that ended at its start is replaced */
#define BACK_OFF_MAX  5000 /* the longest */

struct pool {
    const struct pool_options *options;
    struct log log;
    struct board *board;
    int board_fd, listener;
    bool listener_is_mine; /* to be removed at the end */
    sigset_t signals;      /* those that the supervisor waits for; blocked otherwise */
    bool stopping;
    bool is_child;     /* this process is a fork */
    bool taken_over;   /* workers of the program before may still be there */
    bool is_ready;     /* there is a snapshot, or none can be had for now, and workers may start */
    bool told_systemd; /* that it is ready */
    pid_t trial;       /* a new program that shows whether it starts; 0: none */
    int64_t trial_began;
    unsigned early_ends; /* processes in a row that ended at their start */
    int64_t not_before;  /* when the next process may start */
    int64_t last_watchdog;
};

static const char *const role_names[SLOT_ROLES] = {
    [SLOT_WORKER] = "worker", [SLOT_COMPILER] = "compiler"};

/* How many processes of a role there are: those of this supervisor that are not to go, or all. */
static unsigned count(const struct pool *pool, enum slot_role role, bool all)
{
    unsigned n = 0;
    for (unsigned i = 0; i < pool->board->n_slots; i++) {
        const struct slot *slot = &pool->board->slots[i];
        bool stays = slot->epoch == pool->board->epoch && !slot->told;
        n += slot->pid && slot->role == role && (all || stays);
    }
    return n;
}

/* In a new process: do what the slot is for. Ends with the supervisor, even if that is killed. */
static int be_child(struct pool *pool, struct slot *slot, pid_t supervisor, struct err *err)
{
    const struct pool_options *options = pool->options;
    pool->is_child = true;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_NAME, slot->role == SLOT_WORKER ? "pool-worker" : "pool-compiler");
    if (getppid() != supervisor)
        return 0;
    if (slot->role == SLOT_WORKER)
        return worker_run(&(struct worker_options){pool->listener, options->snapshot, pool->board,
                                                   slot, &pool->log, options->max_requests},
                          err);
    compiler_run(&(struct compiler_options){options->store, options->snapshot, pool->board, slot,
                                            &pool->log});
    return 0;
}

/* Returns 0; in the new process, what it returned, with `is_child` set. */
static int start(struct pool *pool, enum slot_role role, struct err *err)
{
    pid_t supervisor = getpid();
    struct slot *slot = board_take_slot(pool->board, role);
    if (!slot)
        return 0;
    pid_t pid = fork();
    if (pid == 0)
        return be_child(pool, slot, supervisor, err);
    if (pid < 0) {
        log_say(&pool->log, "cannot start a %s: %s", role_names[role], strerror(errno));
        pool->not_before = board_now() + SECOND;
        return 0;
    }
    slot->pid = pid;
    return 0;
}

/* Start what is missing, unless processes have just ended at their start. */
static int start_missing(struct pool *pool, struct err *err)
{
    if (board_now() < pool->not_before)
        return 0;
    if (!count(pool, SLOT_COMPILER, true) && start(pool, SLOT_COMPILER, err))
        return -1;
    for (unsigned n = pool->is_ready ? count(pool, SLOT_WORKER, false) : pool->options->workers;
         n < pool->options->workers && !pool->is_child; n++) {
        if (start(pool, SLOT_WORKER, err))
            return -1;
    }
    return 0;
}

/* Processes that end before they have begun their work are replaced after a pause that grows. */
static void back_off(struct pool *pool, const struct slot *slot)
{
    if (slot->state != SLOT_STARTING) {
        pool->early_ends = 0;
        return;
    }
    int64_t pause = (int64_t)BACK_OFF_MS << (pool->early_ends < 6 ? pool->early_ends : 6);
    pool->early_ends++;
    pool->not_before =
        board_now() + (pause < BACK_OFF_MAX ? pause : BACK_OFF_MAX) * (SECOND / 1000);
}

/* A process has ended: say why, unless it was told to. */
static void bury(struct pool *pool, struct slot *slot, int status)
{
    enum board_cause cause = slot->told        ? CAUSE_RELOADED
                             : slot->timed_out ? CAUSE_TIMEOUT
                             : status          ? CAUSE_DIED
                                               : CAUSE_RECYCLED;
    const char *name = role_names[slot->role];
    if (slot->role == SLOT_WORKER && !pool->stopping)
        board_count(&pool->board->replaced[cause], 1);
    if (cause == CAUSE_DIED && !pool->stopping) {
        if (WIFSIGNALED(status))
            log_say(&pool->log, "%s %d was ended by signal %d", name, (int)slot->pid,
                    WTERMSIG(status));
        else
            log_say(&pool->log, "%s %d ended with status %d", name, (int)slot->pid,
                    WEXITSTATUS(status));
        back_off(pool, slot);
    }
    slot->since = 0;
    slot->pid = 0;
}

/* Say what came of the trial of a new program, and become it. Returns only if that fails. */
static void end_trial(struct pool *pool, int status)
{
    struct err err;
    pool->trial = 0;
    if (status) {
        log_say(&pool->log, "%s does not start: the program that runs goes on",
                pool->options->argv[0]);
    } else {
        takeover_run(pool->options->argv, &(struct takeover){pool->board_fd, pool->listener, false},
                     &err);
        log_say(&pool->log, "%s: the program that runs goes on", err.text);
    }
    pool->told_systemd = false;
}

/* See which processes have ended, or were stopped by a signal, or go on. */
static void reap(struct pool *pool)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0;) {
        if (pid == pool->trial && !WIFSTOPPED(status) && !WIFCONTINUED(status))
            end_trial(pool, status);
        for (unsigned i = 0; i < pool->board->n_slots; i++) {
            struct slot *slot = &pool->board->slots[i];
            if (slot->pid != pid)
                continue;
            if (WIFSTOPPED(status) || WIFCONTINUED(status))
                slot->stopped_since = WIFSTOPPED(status) ? board_now() : 0;
            else
                bury(pool, slot, status);
        }
    }
}

/* End a process that is busy with one thing, or was stopped by a signal, for too long. */
static void check_time(struct pool *pool, struct slot *slot)
{
    unsigned limit = slot->role == SLOT_WORKER ? pool->options->request_timeout : COMPILE_S;
    int64_t since = slot->stopped_since ? slot->stopped_since : slot->since;
    if (!slot->pid || !limit || !since || slot->timed_out || board_now() - since < limit * SECOND)
        return;
    slot->timed_out = true;
    if (slot->role == SLOT_COMPILER || slot->stopped_since)
        log_say(&pool->log, "%s %d has not gone on for %u s, and is ended", role_names[slot->role],
                (int)slot->pid, limit);
    else
        log_say(
            &pool->log,
            "worker %d has been busy with one request for %u s (--request-timeout), and is ended; "
            "route %s, id %s, %s",
            (int)slot->pid, limit, pool->board->routes[slot->route],
            *slot->request ? slot->request : "unknown",
            slot->state == SLOT_READING ? "not all of it has come" : "it was being answered");
    kill(slot->pid, SIGKILL);
}

static void tell_to_end(struct slot *slot)
{
    slot->told = true;
    kill(slot->pid, SIGTERM);
}

/* After a takeover: for each new worker that answers, one of the old ones may go. */
static void replace_old(struct pool *pool)
{
    struct board *board = pool->board;
    unsigned ready = 0, left = 0;
    for (unsigned i = 0; i < board->n_slots; i++) {
        const struct slot *slot = &board->slots[i];
        bool is_new = slot->epoch == board->epoch;
        ready += slot->pid && slot->role == SLOT_WORKER && is_new && slot->state != SLOT_STARTING;
        left += slot->pid && !is_new;
    }
    unsigned stay = ready < pool->options->workers ? pool->options->workers - ready : 0;
    for (unsigned i = 0, n = 0; i < board->n_slots; i++) {
        struct slot *slot = &board->slots[i];
        if (slot->pid && slot->epoch != board->epoch && !slot->told &&
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
    if (pool->is_ready || !pool->board->compiler.looks)
        return 0;
    const char *complaint = board_complaint(pool->board);
    pool->is_ready = true;
    if (!*complaint)
        return 0;
    if (!snapshot_open(&snapshot, pool->options->snapshot, &missing)) {
        int status = snapshot_verify(&snapshot, &missing);
        snapshot_close(&snapshot);
        if (!status)
            return 0;
    }
    return err_set(err, "%s", complaint);
}

static void reopen_logs(struct pool *pool)
{
    struct err err;
    if (log_open(&pool->log, &err))
        log_say(&pool->log, "%s", err.text);
    for (unsigned i = 0; i < pool->board->n_slots; i++) {
        if (pool->board->slots[i].pid)
            kill(pool->board->slots[i].pid, SIGUSR1);
    }
}

static void reload(struct pool *pool)
{
    struct err err;
    char state[64];
    if (pool->trial || pool->taken_over)
        return;
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, board_now() / 1000);
    notify_send(state);
    pool->trial_began = board_now();
    pool->trial = takeover_try(pool->options->argv,
                               &(struct takeover){pool->board_fd, pool->listener, true}, &err);
    if (pool->trial < 0) {
        pool->trial = 0;
        log_say(&pool->log, "%s: the program that runs goes on", err.text);
    }
    pool->told_systemd = false;
}

static bool is_busy(const struct pool *pool)
{
    return !pool->is_ready || pool->taken_over || pool->trial;
}

/* Wait for a signal, or until it is time to look again. The signal, or -1. */
static int wait_for_signal(const struct pool *pool)
{
    struct timespec tick = {.tv_nsec = (is_busy(pool) ? QUICK_TICK_MS : TICK_MS) * 1000000L};
    return sigtimedwait(&pool->signals, NULL, &tick);
}

static void obey(struct pool *pool, int number)
{
    if (number == SIGTERM || number == SIGINT || number == SIGQUIT)
        pool->stopping = true;
    else if (number == SIGUSR1)
        reopen_logs(pool);
    else if (number == SIGHUP)
        reload(pool);
}

static void tell_systemd(struct pool *pool)
{
    int64_t every = notify_watchdog();
    if (!pool->told_systemd && !is_busy(pool)) {
        pool->told_systemd = true;
        notify_send("READY=1");
    }
    if (every && board_now() - pool->last_watchdog > every / 3) {
        pool->last_watchdog = board_now();
        notify_send("WATCHDOG=1");
    }
}

/* What is to be done each time round. */
static int look_after(struct pool *pool, struct err *err)
{
    reap(pool);
    for (unsigned i = 0; i < pool->board->n_slots; i++)
        check_time(pool, &pool->board->slots[i]);
    if (pool->trial && board_now() - pool->trial_began > TRIAL_S * SECOND)
        kill(pool->trial, SIGKILL);
    if (pool->taken_over)
        replace_old(pool);
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
        obey(pool, wait_for_signal(pool));
        if (look_after(pool, err))
            return -1;
    }
    return 0;
}

/* Let all processes finish, and end those that do not. */
static void end_children(struct pool *pool)
{
    int64_t deadline = board_now() + GRACE_S * SECOND;
    pool->stopping = true;
    notify_send("STOPPING=1");
    for (unsigned i = 0; i < pool->board->n_slots; i++) {
        if (pool->board->slots[i].pid)
            tell_to_end(&pool->board->slots[i]);
    }
    while (reap(pool), count(pool, SLOT_WORKER, true) + count(pool, SLOT_COMPILER, true)) {
        for (unsigned i = 0; i < pool->board->n_slots && board_now() > deadline; i++) {
            if (pool->board->slots[i].pid)
                kill(pool->board->slots[i].pid, SIGKILL);
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
    pool->board_fd = takeover->board;
    pool->listener = takeover->listener;
    pool->board = board_adopt(takeover->board, err);
    if (!pool->board || takeover->trial)
        return pool->board ? 0 : -1;
    pool->board->epoch++;
    pool->taken_over = pool->is_ready = true;
    return 0;
}

static int begin(struct pool *pool, struct err *err)
{
    pool->board = board_new(&pool->board_fd, err);
    if (!pool->board)
        return -1;
    pool->listener = listen_open(pool->options->listen, err);
    return pool->listener < 0 ? -1 : 0;
}

static void name_routes(struct board *board)
{
    board_add_route(board, "none");
    for (size_t i = 0; route_at(i); i++)
        board_add_route(board, route_name(route_at(i)));
    for (unsigned i = 0; pages_at(i); i++)
        board_add_route(board, pages_at(i));
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
    name_routes(pool->board);
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
    board_free(pool.board);
    if (pool.board_fd >= 0)
        close(pool.board_fd);
    log_close(&pool.log);
    return status;
}
