#include "fastcgi/pool.h"

#include "api/route.h"
#include "fastcgi/children.h"
#include "fastcgi/listen.h"
#include "fastcgi/log.h"
#include "fastcgi/notify.h"
#include "fastcgi/scoreboard.h"
#include "fastcgi/status_pages.h"
#include "fastcgi/turns.h"
#include "fastcgi/upgrade.h"
#include "fastcgi/worker.h"
#include "snapshot/snapshot.h"
#include "util/clock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK       (100 * CLOCK_MS) /* time between two ticks, unless a signal comes */
#define QUICK_TICK (10 * CLOCK_MS)  /* the same at the start and during an upgrade */
#define GRACE      (10 * CLOCK_S)   /* how long the children may take to exit at the end */

struct pool {
    const struct pool_options *options;
    struct log log;
    struct scoreboard *scoreboard;
    int scoreboard_fd;        /* The descriptor of the scoreboard's memory. */
    int listener;             /* The listening socket. */
    struct exchange exchange; /* Where workers pass connections to each other. */
    struct turns turns;       /* The turns of requests that may take longest. */
    uint64_t generation;      /* The generation that idle workers were woken for last. */
    sigset_t signals; /* The signals that the supervisor waits for, blocked at all other times. */
    struct children children;
    struct upgrade upgrade;
    bool workers_may_run;  /* Whether the workers may run; see check_first_poll(). */
    bool replacing;        /* Whether processes of the program before the upgrade may be left. */
    bool ready_sent;       /* Whether systemd knows that the pool is ready. */
    int64_t last_look;     /* The time of the last look at the pool's program. */
    int64_t last_watchdog; /* The time of the last WATCHDOG=1 to systemd. */
};

/* Whether the snapshot at the pool's path can be served. */
static bool snapshot_is_usable(const struct pool *pool)
{
    struct snapshot snapshot;
    struct err err;
    if (snapshot_open(&snapshot, pool->options->snapshot, &err))
        return false;
    int status = snapshot_verify(&snapshot, &err);
    snapshot_close(&snapshot);
    return status == 0;
}

/* Let the workers run once the compiler has polled the store for the first time. If that failed,
 * the snapshot of an earlier run is served. Returns -1 with a reason where there is none. */
static int check_first_poll(struct pool *pool, struct err *err)
{
    if (pool->workers_may_run || !pool->scoreboard->compiler.polls)
        return 0;
    const char *store_error = scoreboard_store_error(pool->scoreboard);
    pool->workers_may_run = true;
    return *store_error && !snapshot_is_usable(pool) ? err_set(err, "%s", store_error) : 0;
}

static void reopen_logs(struct pool *pool)
{
    struct err err;
    if (log_open(&pool->log, &err))
        log_print(&pool->log, "%s", err.text);
    children_signal(&pool->children, SIGUSR1);
}

/* Whether the pool starts or is being upgraded. */
static bool is_changing(const struct pool *pool)
{
    return !pool->workers_may_run || pool->replacing || pool->upgrade.dry_run;
}

/* Wait for a signal or for the next tick. Returns the signal, or -1 for a tick. */
static int wait_for_signal(const struct pool *pool)
{
    struct timespec limit = {.tv_nsec = is_changing(pool) ? QUICK_TICK : TICK};
    return sigtimedwait(&pool->signals, NULL, &limit);
}

static void handle_signal(struct pool *pool, int number)
{
    if (number == SIGTERM || number == SIGINT || number == SIGQUIT)
        pool->children.stopping = true;
    else if (number == SIGUSR1)
        reopen_logs(pool);
    else if (number == SIGHUP)
        pool->upgrade.requested = true;
}

/* The dry run of an upgrade has ended. A pool that is about to end ignores the result. */
static void handle_dry_run(struct pool *pool, int status)
{
    pool->ready_sent = false;
    if (pool->children.stopping)
        pool->upgrade.dry_run = 0;
    else
        upgrade_finish(&pool->upgrade, status);
}

/* Collect the processes that have ended, were stopped, or continue. */
static void reap_children(struct pool *pool)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0;) {
        bool ended = !WIFSTOPPED(status) && !WIFCONTINUED(status);
        if (pid != pool->upgrade.dry_run)
            children_record_status(&pool->children, pid, status);
        else if (ended)
            handle_dry_run(pool, status);
    }
}

/* Make idle workers map a new snapshot, so that they do not keep the one before in memory. */
static void wake_workers(struct pool *pool)
{
    uint64_t generation = pool->scoreboard->generation;
    if (generation != pool->generation)
        children_signal(&pool->children, WORKER_WAKE);
    pool->generation = generation;
}

/* Let the status pages tell whether the installed program waits for an upgrade. */
static void watch_program(struct pool *pool)
{
    if (clock_now() - pool->last_look < CLOCK_S)
        return;
    pool->last_look = clock_now();
    pool->scoreboard->program_replaced = upgrade_is_due(&pool->upgrade);
}

/* Tell systemd that the pool is ready, and that it is alive. */
static void notify_systemd(struct pool *pool)
{
    int64_t every = notify_watchdog();
    if (!pool->ready_sent && !is_changing(pool)) {
        pool->ready_sent = true;
        notify_send("READY=1");
    }
    if (every && clock_now() - pool->last_watchdog > every / 3) {
        pool->last_watchdog = clock_now();
        notify_send("WATCHDOG=1");
    }
}

/* Do what is due. Returns -1 with a reason where the pool cannot run. */
static int tick(struct pool *pool, struct err *err)
{
    reap_children(pool);
    children_kill_stuck(&pool->children);
    upgrade_kill_slow_dry_run(&pool->upgrade);
    if (pool->replacing)
        pool->replacing = children_replace_old(&pool->children);
    if (pool->upgrade.requested && !pool->children.stopping && !is_changing(pool)) {
        upgrade_begin(&pool->upgrade);
        pool->ready_sent = false;
    }
    wake_workers(pool);
    watch_program(pool);
    notify_systemd(pool);
    return check_first_poll(pool, err);
}

/* Supervise until a signal ends the pool. In a child, returns what the child returned. */
static int supervise(struct pool *pool, struct err *err)
{
    while (!pool->children.stopping) {
        int status = children_start_missing(&pool->children, pool->workers_may_run, err);
        if (status || pool->children.is_child)
            return status;
        handle_signal(pool, wait_for_signal(pool));
        if (tick(pool, err))
            return -1;
    }
    return 0;
}

/* Let all children finish, and kill those that do not within GRACE. */
static void end_children(struct pool *pool)
{
    int64_t deadline = clock_now() + GRACE;
    pool->children.stopping = true;
    notify_send("STOPPING=1");
    upgrade_cancel(&pool->upgrade);
    children_stop(&pool->children);
    reap_children(pool);
    while (children_any_left(&pool->children) || pool->upgrade.dry_run) {
        if (clock_now() > deadline)
            children_signal(&pool->children, SIGKILL);
        wait_for_signal(pool);
        reap_children(pool);
    }
}

/* Set what each signal does, whatever the parent process has set: the supervisor waits for some, and
 * writing to a closed pipe or to a full file is an error like others. The children inherit this. */
static int set_signals(struct pool *pool, struct err *err)
{
    static const int waited_for[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGCHLD};
    for (int number = 1; number < NSIG; number++)
        signal(number, number == SIGPIPE || number == SIGXFSZ ? SIG_IGN : SIG_DFL);
    sigemptyset(&pool->signals);
    for (size_t i = 0; i < sizeof waited_for / sizeof *waited_for; i++)
        sigaddset(&pool->signals, waited_for[i]);
    sigset_t blocked = pool->signals;
    sigaddset(&blocked, WORKER_WAKE);
    if (sigprocmask(SIG_SETMASK, &blocked, NULL))
        return err_errno(err, "cannot block signals");
    return 0;
}

/* Continue with the scoreboard, the socket and the children of the program before. */
static int continue_pool(struct pool *pool, const struct handover *handover, struct err *err)
{
    pool->scoreboard_fd = handover->scoreboard;
    pool->listener = handover->listener;
    pool->exchange = handover->exchange;
    pool->scoreboard = scoreboard_adopt(handover->scoreboard, err);
    if (!pool->scoreboard)
        return -1;
    if (!handover->dry_run)
        pool->scoreboard->epoch++;
    pool->replacing = pool->workers_may_run = true;
    return 0;
}

static int start_pool(struct pool *pool, struct err *err)
{
    pool->scoreboard = scoreboard_new(&pool->scoreboard_fd, err);
    if (!pool->scoreboard)
        return -1;
    pool->listener = listen_open(pool->options->listen, err);
    return pool->listener < 0 ? -1 : 0;
}

/* Give every route its number in the scoreboard, and number 0 to requests without a route. */
static void number_routes(struct scoreboard *scoreboard)
{
    scoreboard_add_route(scoreboard, "none");
    for (size_t i = 0; route_at(i); i++)
        scoreboard_add_route(scoreboard, route_at(i)->name);
    for (size_t i = 0; i < STATUS_PAGES; i++)
        scoreboard_add_route(scoreboard, status_pages[i].name);
}

/* Log the start of the pool, or its new program. */
static void log_start(const struct pool *pool)
{
    const struct pool_options *options = pool->options;
    log_print(&pool->log, "serverful %s %s: %u workers, %s %s, snapshot %s", PACKAGE_VERSION,
              pool->replacing ? "continues after a re-execution" : "started", options->workers,
              options->receive ? "receiving" : "store",
              options->receive ? options->receive : options->store, options->snapshot);
}

/* Run the pool with its signals, logs, scoreboard and socket in place. */
static int run_pool(struct pool *pool, struct err *err)
{
    number_routes(pool->scoreboard);
    pool->children = (struct children){.options = pool->options,
                                       .log = &pool->log,
                                       .scoreboard = pool->scoreboard,
                                       .listener = pool->listener,
                                       .exchange = &pool->exchange,
                                       .turns = &pool->turns};
    pool->upgrade = (struct upgrade){.argv = pool->options->argv,
                                     .log = &pool->log,
                                     .handover = {.scoreboard = pool->scoreboard_fd,
                                                  .listener = pool->listener,
                                                  .exchange = pool->exchange}};
    upgrade_note_program(&pool->upgrade);
    log_start(pool);
    int status = supervise(pool, err);
    if (pool->children.is_child)
        return status;
    end_children(pool);
    listen_close(pool->listener, pool->options->listen);
    return status;
}

/* Open what the pool needs, and run it unless this is a dry run. */
static int open_and_run(struct pool *pool, struct err *err)
{
    struct handover handover = {0};
    bool is_upgrade = upgrade_receive(&handover);
    if (set_signals(pool, err) || log_open(&pool->log, err))
        return -1;
    if (is_upgrade ? continue_pool(pool, &handover, err) : start_pool(pool, err))
        return -1;
    if (pool->exchange.give < 0 && exchange_open(&pool->exchange, err))
        return -1;
    if (turns_open(&pool->turns, pool->options->workers, err))
        return -1;
    return handover.dry_run ? 0 : run_pool(pool, err);
}

int pool_run(const struct pool_options *options, struct err *err)
{
    struct pool pool = {
        .options = options,
        .log = {.path = options->error_log, .access_path = options->access_log, .access = -1},
        .scoreboard_fd = -1,
        .listener = -1,
        .exchange = {-1, -1},
        .turns = {.fd = -1}};
    int status = open_and_run(&pool, err);
    scoreboard_free(pool.scoreboard);
    if (pool.scoreboard_fd >= 0)
        close(pool.scoreboard_fd);
    exchange_close(&pool.exchange);
    turns_close(&pool.turns);
    log_close(&pool.log);
    return status;
}
