/*
 * pool: the supervisor. It compiles the store, runs the workers, replaces those that die, and
 * compiles again whenever the store has changed.
 */
#ifndef FASTCGI_POOL_H
#define FASTCGI_POOL_H

#include "util/err.h"

#define POOL_MAX_WORKERS 512

struct pool_options {
    const char *store, *snapshot; /* paths; the snapshot is written */
    const char *listen;           /* address, see listen.h; NULL for descriptor 0 */
    unsigned workers;             /* 1 to POOL_MAX_WORKERS */
};

/*
 * Run the pool until SIGTERM, SIGINT or SIGQUIT, and then until its workers have finished what
 * runs. Returns 0, or -1 with a reason. It returns in the workers, too, which are forks of the
 * process: the caller frees what is its own and exits in either case.
 */
int pool_run(const struct pool_options *options, struct err *err);

#endif
