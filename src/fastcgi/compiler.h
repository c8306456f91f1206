/*
 * compiler: the process of the pool that polls the store, and compiles it into a new snapshot when
 * it has changed; or that takes over the snapshots that another host sends. So the supervisor never waits
 * for SQLite, and only this process of the pool writes the snapshot.
 */
#ifndef FASTCGI_COMPILER_H
#define FASTCGI_COMPILER_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"

struct compiler_options {
    const char *store;    /* The path of the store. */
    const char *snapshot; /* The path of the snapshot. */
    const char *receive;  /* The path of snapshots that are sent, instead of a store; or NULL. */
    struct scoreboard *scoreboard;
    struct slot *slot; /* The slot of this process. */
    struct log *log;
};

/*
 * Poll the store until SIGTERM, SIGINT or SIGQUIT comes. SIGUSR1 reopens the log. All four must be
 * blocked. The function also blocks SIGIO, which tells that a program waits for the lease.
 *
 * A program that opens the snapshot for writing has to wait until the compiler has put a copy in its
 * place, and no worker has the old file mapped any more (lease.h).
 *
 * When another snapshot lies at its path, whichever program wrote it, the compiler increases the
 * scoreboard's generation. An error of the store goes to the scoreboard, and once to the log.
 */
void compiler_run(const struct compiler_options *options);

#endif
