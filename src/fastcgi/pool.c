#include "fastcgi/pool.h"

#include "fastcgi/listen.h"
#include "fastcgi/watch.h"
#include "fastcgi/worker.h"
#include "snapshot/map.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS  50    /* how often the supervisor looks at the store */
#define RETRY_MS 1000  /* a worker that dies sooner than this is replaced after as long */
#define GRACE_MS 10000 /* how long workers may take to finish at the end */

struct slot {
    pid_t pid;       /* 0 while there is none */
    int64_t started; /* ms of the monotonic clock */
};

struct pool {
    const struct pool_options *options;
    int listener;
    struct pool_page *page;
    struct watch watch;
    struct err complaint; /* the last one about the store, so that each is logged once */
    struct slot *slots;
    sigset_t signals; /* those that the supervisor waits for; blocked otherwise */
    bool stopping;
    bool is_worker; /* this process is a fork */
};

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void say(const char *text)
{
    fprintf(stderr, "serverful pool: %s\n", text);
}

/* Look at the store. Where it can't be compiled, what there is goes on serving. */
static void look(struct pool *pool)
{
    bool fresh;
    struct err err;
    if (watch_look(&pool->watch, &fresh, &err)) {
        if (strcmp(err.text, pool->complaint.text) != 0)
            fprintf(stderr, "serverful pool: the old snapshot goes on serving: %s\n", err.text);
        pool->complaint = err;
        return;
    }
    if (*pool->complaint.text)
        say("the store is good again");
    *pool->complaint.text = '\0';
    if (fresh)
        atomic_fetch_add(&pool->page->generation, 1);
}

/* The first compilation. A store that can't be compiled is an error where no snapshot lies there
 * yet. */
static int prepare_snapshot(struct pool *pool, struct err *err)
{
    struct snapshot snapshot;
    struct err missing;
    bool fresh;
    if (!watch_look(&pool->watch, &fresh, err))
        return 0;
    if (snapshot_open(&snapshot, pool->options->snapshot, &missing))
        return -1;
    int status = snapshot_verify(&snapshot, &missing);
    snapshot_close(&snapshot);
    if (!status)
        fprintf(stderr, "serverful pool: serving the snapshot that is there: %s\n", err->text);
    pool->complaint = *err;
    return status;
}

/* In a new process: be a worker. Ends with the supervisor, even if that is killed. */
static int be_worker(struct pool *pool, pid_t supervisor, struct err *err)
{
    pool->is_worker = true;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != supervisor)
        return 0;
    return worker_run(pool->listener, pool->options->snapshot, pool->page, err);
}

/* Returns 0; in the new process, what the worker returned, with `is_worker` set. */
static int start_worker(struct pool *pool, struct slot *slot, struct err *err)
{
    pid_t supervisor = getpid();
    watch_close(&pool->watch);
    pid_t pid = fork();
    if (pid == 0)
        return be_worker(pool, supervisor, err);
    if (pid < 0)
        fprintf(stderr, "serverful pool: cannot start a worker: %s\n", strerror(errno));
    slot->started = now_ms();
    slot->pid = pid > 0 ? pid : 0;
    return 0;
}

/* Start the workers that are missing. Not at once one that has died at its start. */
static int start_workers(struct pool *pool, struct err *err)
{
    for (unsigned i = 0; i < pool->options->workers && !pool->is_worker; i++) {
        struct slot *slot = &pool->slots[i];
        bool early = slot->started && now_ms() - slot->started < RETRY_MS;
        if (!slot->pid && !early && start_worker(pool, slot, err))
            return -1;
    }
    return 0;
}

/* Say why a worker has ended, unless it was told to. */
static void report_end(const struct pool *pool, pid_t pid, int status)
{
    if (pool->stopping)
        return;
    if (WIFSIGNALED(status))
        fprintf(stderr, "serverful pool: worker %d was ended by signal %d\n", (int)pid,
                WTERMSIG(status));
    else
        fprintf(stderr, "serverful pool: worker %d ended with status %d\n", (int)pid,
                WEXITSTATUS(status));
}

/* Collect the workers that have ended; how many are left. */
static unsigned reap(struct pool *pool)
{
    int status;
    unsigned left = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (unsigned i = 0; i < pool->options->workers; i++) {
            if (pool->slots[i].pid == pid) {
                pool->slots[i].pid = 0;
                report_end(pool, pid, status);
            }
        }
    }
    for (unsigned i = 0; i < pool->options->workers; i++)
        left += pool->slots[i].pid != 0;
    return left;
}

static void signal_workers(const struct pool *pool, int number)
{
    for (unsigned i = 0; i < pool->options->workers; i++) {
        if (pool->slots[i].pid)
            kill(pool->slots[i].pid, number);
    }
}

/* Wait for a signal, or until it is time to look at the store. The signal, or -1. */
static int wait_for_signal(const struct pool *pool)
{
    static const struct timespec look_time = {.tv_nsec = LOOK_MS * 1000000L};
    return sigtimedwait(&pool->signals, NULL, &look_time);
}

/* Run until told to stop. In a worker, returns what the worker returned. */
static int supervise(struct pool *pool, struct err *err)
{
    while (!pool->stopping) {
        int status = start_workers(pool, err);
        if (pool->is_worker)
            return status;
        int number = wait_for_signal(pool);
        if (number == SIGTERM || number == SIGINT || number == SIGQUIT)
            pool->stopping = true;
        reap(pool);
        look(pool);
    }
    return 0;
}

/* Let the workers finish, and end those that do not. */
static void end_workers(struct pool *pool)
{
    int64_t deadline = now_ms() + GRACE_MS;
    signal_workers(pool, SIGTERM);
    while (reap(pool) > 0) {
        if (now_ms() > deadline)
            signal_workers(pool, SIGKILL);
        wait_for_signal(pool);
    }
}

static int init(struct pool *pool, struct err *err)
{
    pool->page =
        mmap(NULL, sizeof *pool->page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pool->slots = calloc(pool->options->workers, sizeof *pool->slots);
    if (pool->page == MAP_FAILED || !pool->slots)
        return err_set(err, "out of memory for %u workers", pool->options->workers);
    sigemptyset(&pool->signals);
    sigaddset(&pool->signals, SIGTERM);
    sigaddset(&pool->signals, SIGINT);
    sigaddset(&pool->signals, SIGQUIT);
    sigaddset(&pool->signals, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &pool->signals, NULL))
        return err_errno(err, "cannot block signals");
    if (prepare_snapshot(pool, err))
        return -1;
    pool->listener = listen_open(pool->options->listen, err);
    return pool->listener < 0 ? -1 : 0;
}

int pool_run(const struct pool_options *options, struct err *err)
{
    struct pool pool = {
        .options = options,
        .listener = -1,
        .page = MAP_FAILED,
        .watch = {.store_path = options->store, .snapshot_path = options->snapshot}};
    int status = init(&pool, err);
    if (!status)
        status = supervise(&pool, err);
    if (!pool.is_worker && pool.listener >= 0) {
        end_workers(&pool);
        listen_close(pool.listener, options->listen);
    }
    watch_close(&pool.watch);
    free(pool.slots);
    if (pool.page != MAP_FAILED)
        munmap(pool.page, sizeof *pool.page);
    return status;
}
