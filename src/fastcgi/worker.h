/*
 * worker: a process of the pool that answers requests, one at a time.
 */
#ifndef FASTCGI_WORKER_H
#define FASTCGI_WORKER_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"
#include "util/err.h"

struct worker_options {
    int listener;         /* The listening socket. */
    const char *snapshot; /* The path of the snapshot. */
    struct scoreboard *scoreboard;
    struct slot *slot; /* The slot of this process. */
    struct log *log;
    unsigned max_requests; /* The requests after which the worker exits; 0 for no limit. */
};

/*
 * Answer requests until SIGTERM, SIGINT or SIGQUIT comes, or max_requests were answered; the
 * present request is finished first. SIGUSR1 reopens the log. All four signals must be blocked.
 *
 * Before each request the worker maps the snapshot again if the scoreboard's generation has
 * changed. Without a snapshot it answers 503. Returns 0, or -1 with a reason where it cannot start.
 */
int worker_run(const struct worker_options *options, struct err *err);

#endif
