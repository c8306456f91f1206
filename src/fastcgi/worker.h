/*
 * worker: one process of the pool. It answers one request at a time, until it is told to stop.
 */
#ifndef FASTCGI_WORKER_H
#define FASTCGI_WORKER_H

#include "util/err.h"

#include <stdatomic.h>
#include <stdint.h>

/* One page, shared by the supervisor and all workers. */
struct pool_page {
    _Atomic uint64_t generation; /* counted up when a new snapshot lies at its path */
};

/*
 * Answer requests on `listener` from the snapshot at `path`, until SIGTERM, SIGINT or SIGQUIT
 * comes; a request that runs is finished first. These signals must be blocked when it is called.
 * Before each request the snapshot is mapped anew if the generation has changed. Returns 0, or -1
 * with a reason.
 */
int worker_run(int listener, const char *path, const struct pool_page *page, struct err *err);

#endif
