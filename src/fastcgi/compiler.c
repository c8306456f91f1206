#include "fastcgi/compiler.h"

#include "fastcgi/inbox.h"
#include "fastcgi/lease.h"
#include "fastcgi/snapshot_log.h"
#include "snapshot/snapshot.h"
#include "snapshot/write.h"
#include "store/watch.h"
#include "util/clock.h"
#include "util/file.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define POLL_INTERVAL  (50 * CLOCK_MS)
#define RETRY_INTERVAL (500 * CLOCK_MS) /* while the store is bad, since such a poll is slow */

/*
 * How the compiler lets another program write to a snapshot (lease.h) that workers have mapped:
 *
 *   1. The program opens the file, and the kernel lets it wait for the compiler's `lease`.
 *   2. guard_snapshot() sees that, and puts a copy of the file at its path. The program still waits for
 *      the old file, which has no name any more.
 *   3. publish_snapshot() publishes the copy like any new snapshot, under the next generation.
 *      lease_snapshot() takes `lease` on the copy, and keeps the one on the old file as `former`.
 *   4. Each worker maps the copy, and writes its generation to its slot.
 *   5. Once all have, release_former() gives `former` up, and the program writes to a file that no
 *      process reads.
 *
 * Step 2 is left out where the compiler itself, or a program that renames, replaces the file: a program
 * may have opened the old file just before, and workers have that mapped until step 4.
 */
struct compiler {
    const struct compiler_options *options;
    struct watch watch;         /* The store; unused in a pool that receives snapshots. */
    struct inbox inbox;         /* The snapshots that another host sends; unused in other pools. */
    struct stat published;      /* The file at the snapshot's path, as last seen. */
    struct snapshot_log logged; /* The last snapshot in the log. */
    struct lease lease;         /* The lease on the file at the snapshot's path. */
    struct lease former;        /* The lease on an earlier file, while a worker has that mapped. */
    uint64_t successor;         /* The first generation whose file is later than that one. */
};

/* Whether another host compiles the snapshots of this pool. */
static bool is_receiver(const struct compiler *compiler)
{
    return compiler->inbox.from != NULL;
}

/* Set the error of the store, "" for none, and log a change. */
static void report_store_error(const struct compiler *compiler, const char *store_error)
{
    struct scoreboard *scoreboard = compiler->options->scoreboard;
    if (!strcmp(scoreboard_store_error(scoreboard), store_error))
        return;
    if (*store_error) {
        scoreboard_count(&scoreboard->compiler.errors, 1);
        log_print(compiler->options->log, "cannot %s; keeping the previous snapshot: %s",
                  is_receiver(compiler) ? "take the snapshot that was sent" : "compile the store",
                  store_error);
    } else {
        log_print(compiler->options->log, is_receiver(compiler)
                                              ? "took a snapshot that was sent"
                                              : "the store can be compiled again");
    }
    scoreboard_set_store_error(scoreboard, store_error);
}

/* Log that the store was migrated, if it was. */
static void report_migration(struct compiler *compiler)
{
    struct migration *migration = &compiler->watch.migration;
    if (migration->copy)
        log_print(compiler->options->log,
                  "migrated the store from schema version %d to %d; %s is a copy of it as it was",
                  migration->from, STORE_VERSION, migration->copy);
    free(migration->copy);
    migration->copy = NULL;
}

/* Whether the file at the snapshot's path is another one than at the last call, or was changed. */
static bool snapshot_has_changed(struct compiler *compiler)
{
    struct stat now = {0}, before = compiler->published;
    if (stat(compiler->options->snapshot, &now))
        now = (struct stat){0};
    compiler->published = now;
    return !file_is_unchanged(&now, &before);
}

/* Give up the lease on the former snapshot once no worker has that file mapped. */
static void release_former(struct compiler *compiler)
{
    const struct scoreboard *scoreboard = compiler->options->scoreboard;
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        const struct slot *slot = &scoreboard->slots[i];
        if (slot->pid && slot->role == SLOT_WORKER && slot->generation < compiler->successor)
            return;
    }
    lease_give_up(&compiler->former);
}

/* Take a lease on the new snapshot, which gets this generation. Of the leases on earlier files, keep
 * one: the former one while a program waits for it, else the one on the previous file. */
static void lease_snapshot(struct compiler *compiler, uint64_t generation)
{
    if (lease_is_awaited(&compiler->former)) {
        lease_give_up(&compiler->lease);
    } else {
        lease_give_up(&compiler->former);
        compiler->former = compiler->lease;
        compiler->successor = generation;
    }
    compiler->lease = lease_take(compiler->options->snapshot);
}

/* If a program waits for the lease on the snapshot, put a copy in place of the file; a program that
 * waits for the former one comes first. Without a lease, try to take one. */
static void guard_snapshot(struct compiler *compiler)
{
    const char *path = compiler->options->snapshot;
    struct err err;
    if (compiler->lease.fd < 0)
        compiler->lease = lease_take(path);
    if (!lease_is_awaited(&compiler->lease) || !lease_is_on(&compiler->lease, path) ||
        lease_is_awaited(&compiler->former))
        return;
    log_print(compiler->options->log,
              "another program writes to the snapshot %s: serving a copy of it", path);
    if (snapshot_renew(path, &err)) {
        log_print(compiler->options->log, "%s", err.text);
        lease_give_up(&compiler->lease);
    }
}

/* Make the workers map the snapshot that lies at its path now, and log it. `took` is the time that
 * compiling it took, in nanoseconds; 0 if another program wrote it. */
static void publish_snapshot(struct compiler *compiler, int64_t took)
{
    struct scoreboard *scoreboard = compiler->options->scoreboard;
    lease_snapshot(compiler, scoreboard->generation + 1);
    atomic_store(&scoreboard->compiler.snapshot_time, compiler->published.st_mtim.tv_sec);
    atomic_fetch_add(&scoreboard->generation, 1);
    snapshot_log_print(&compiler->logged, compiler->options->snapshot, took,
                       compiler->options->log);
}

/* The number of the store that the snapshot at the path was compiled from; 0 where that is unknown. */
static uint64_t store_of_snapshot(const struct compiler *compiler)
{
    struct snapshot snapshot;
    struct err ignored;
    if (snapshot_open(&snapshot, compiler->options->snapshot, &ignored))
        return 0;
    uint64_t store = snapshot.header->revisions.store;
    snapshot_close(&snapshot);
    return store;
}

/* Log that another program had changed the snapshot, which is compiled again now. `store` is the number
 * of the store that it came from then: two pools with different stores would go on replacing each
 * other's snapshot. */
static void report_foreign(const struct compiler *compiler, uint64_t store)
{
    const struct compiler_options *options = compiler->options;
    if (is_receiver(compiler))
        log_print(options->log,
                  "another program had changed or removed the snapshot %s: copied it again from %s",
                  options->snapshot, options->receive);
    else if (store && store != store_of_snapshot(compiler))
        log_print(options->log,
                  "replaced the snapshot %s, which another program had written from another store "
                  "than %s: give each pool a snapshot of its own",
                  options->snapshot, options->store);
    else
        log_print(options->log,
                  "another program had changed or removed the snapshot %s: compiled it again",
                  options->snapshot);
}

/* Bring the snapshot up to date. `foreign` is whether somebody else has changed it: then close the store,
 * which counts as changed when it is opened again. Sets `*fresh` to whether the snapshot was replaced.
 * Returns 0, or -1 with a reason. */
static int renew_snapshot(struct compiler *compiler, bool foreign, bool *fresh, struct err *err)
{
    if (is_receiver(compiler)) {
        if (foreign)
            inbox_forget(&compiler->inbox);
        return inbox_poll(&compiler->inbox, fresh, err);
    }
    if (foreign)
        watch_close(&compiler->watch);
    int status = watch_poll(&compiler->watch, fresh, err);
    report_migration(compiler);
    return status;
}

/* Poll the store once, or the snapshots that another host sends. If somebody else has written, damaged or
 * removed the snapshot, it is made again. */
static void poll_store(struct compiler *compiler)
{
    struct slot *slot = compiler->options->slot;
    struct err err = {0};
    release_former(compiler);
    guard_snapshot(compiler);
    bool compiled, foreign = snapshot_has_changed(compiler);
    uint64_t store = foreign && compiler->logged.has_snapshot ? store_of_snapshot(compiler) : 0;
    atomic_store(&slot->state, SLOT_WORKING);
    int64_t begin = clock_now();
    atomic_store(&slot->since, begin);
    int status = renew_snapshot(compiler, foreign, &compiled, &err);
    report_store_error(compiler, status ? err.text : "");
    if (foreign && compiled && compiler->options->scoreboard->compiler.polls)
        report_foreign(compiler, store);
    if (snapshot_has_changed(compiler) || foreign)
        publish_snapshot(compiler, compiled && !is_receiver(compiler) ? clock_now() - begin : 0);
    scoreboard_count(&compiler->options->scoreboard->compiler.polls, 1);
    slot_set_idle(slot);
}

/* Wait until the next poll is due. Returns false when a signal ends the process. */
static bool wait_for_next_poll(const struct compiler_options *options, const sigset_t *signals)
{
    bool bad = *scoreboard_store_error(options->scoreboard);
    struct timespec pause = {.tv_nsec = bad ? RETRY_INTERVAL : POLL_INTERVAL};
    struct err err;
    int number = sigtimedwait(signals, NULL, &pause);
    if (number != SIGUSR1)
        return number < 0 || number == SIGIO;
    if (log_open(options->log, &err))
        log_print(options->log, "%s", err.text);
    return true;
}

void compiler_run(const struct compiler_options *options)
{
    struct compiler compiler = {
        .options = options,
        .watch = {.store_path = options->store, .snapshot_path = options->snapshot},
        .inbox = {.from = options->receive, .to = options->snapshot},
        .lease = {-1},
        .former = {-1}};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGIO);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    do
        poll_store(&compiler);
    while (wait_for_next_poll(options, &signals));
    watch_close(&compiler.watch);
    lease_give_up(&compiler.former);
    lease_give_up(&compiler.lease);
}
