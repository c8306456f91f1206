/*
 * compiler: the process of the pool that watches the store, and compiles it when it has changed.
 * The supervisor never waits for SQLite, and only this process writes the snapshot.
 */
#ifndef FASTCGI_COMPILER_H
#define FASTCGI_COMPILER_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"
#include "util/err.h"

struct compiler_options {
    const char *store, *snapshot; /* paths */
    struct scoreboard *scoreboard;
    struct slot *slot;
    struct log *log;
};

/*
 * Look at the store, again and again, until SIGTERM, SIGINT or SIGQUIT comes, which must be blocked
 * as SIGUSR1 is, which opens the log anew. A new snapshot is told by the board's generation,
 * whoever has written it; what is wrong with the store by the board's complaint and once in the
 * log.
 */
void compiler_run(const struct compiler_options *options);

#endif
