#include "fastcgi/compiler.h"

#include "store/watch.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_MS  50  /* between two looks */
#define RETRY_MS 500 /* the same while the store is bad, since each of these looks costs time */

struct compiler {
    const struct compiler_options *options;
    struct watch watch;
    struct stat seen; /* the snapshot that was told last */
};

/* Say what is wrong once, and that it is good again. */
static void tell(const struct compiler *compiler, const char *store_error)
{
    struct scoreboard *scoreboard = compiler->options->scoreboard;
    const char *before = scoreboard_store_error(scoreboard);
    if (!strcmp(before, store_error))
        return;
    if (*store_error) {
        scoreboard_count(&scoreboard->compiler.failures, 1);
        log_say(compiler->options->log,
                "the store is not compiled, the snapshot stays as it is: %s", store_error);
    } else {
        log_say(compiler->options->log, "the store is good again");
    }
    scoreboard_set_store_error(scoreboard, store_error);
}

/* Whether another file lies at the snapshot's path than at the last call, or the same with another
 * content. */
static bool snapshot_differs(struct compiler *compiler)
{
    struct stat now = {0}, before = compiler->seen;
    if (stat(compiler->options->snapshot, &now))
        now = (struct stat){0};
    compiler->seen = now;
    return now.st_dev != before.st_dev || now.st_ino != before.st_ino ||
           now.st_size != before.st_size || now.st_mtim.tv_sec != before.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
}

/* Have the workers map what lies there now. */
static void publish(struct compiler *compiler)
{
    struct scoreboard *scoreboard = compiler->options->scoreboard;
    atomic_store(&scoreboard->compiler.made, compiler->seen.st_mtim.tv_sec);
    atomic_fetch_add(&scoreboard->generation, 1);
}

/* A snapshot that somebody else has written, damaged or removed is made anew from the store: a
 * store that is opened anew counts as changed. */
static void look(struct compiler *compiler)
{
    struct slot *slot = compiler->options->slot;
    struct err err = {0};
    bool fresh, foreign = snapshot_differs(compiler);
    if (foreign)
        watch_close(&compiler->watch);
    atomic_store(&slot->state, SLOT_WORKING);
    atomic_store(&slot->since, scoreboard_now());
    int status = watch_poll(&compiler->watch, &fresh, &err);
    tell(compiler, status ? err.text : "");
    if (snapshot_differs(compiler) || foreign)
        publish(compiler);
    scoreboard_count(&compiler->options->scoreboard->compiler.polls, 1);
    slot_set_idle(slot);
}

/* Wait until it is time for the next look. Whether to go on. */
static bool wait_for_time(const struct compiler_options *options, const sigset_t *signals)
{
    bool bad = *scoreboard_store_error(options->scoreboard);
    struct timespec pause = {.tv_nsec = (bad ? RETRY_MS : LOOK_MS) * 1000000L};
    struct err err;
    int number = sigtimedwait(signals, NULL, &pause);
    if (number != SIGUSR1)
        return number < 0;
    if (log_open(options->log, &err))
        log_say(options->log, "%s", err.text);
    return true;
}

void compiler_run(const struct compiler_options *options)
{
    struct compiler compiler = {
        .options = options,
        .watch = {.store_path = options->store, .snapshot_path = options->snapshot}};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigaddset(&signals, SIGUSR1);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like a full disk */
    do
        look(&compiler);
    while (wait_for_time(options, &signals));
    watch_close(&compiler.watch);
}
