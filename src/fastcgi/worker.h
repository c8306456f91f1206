/*
 * worker: one process of the pool. It answers one request at a time, until it is told to stop.
 */
#ifndef FASTCGI_WORKER_H
#define FASTCGI_WORKER_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"
#include "util/err.h"

struct worker_options {
    int listener;
    const char *snapshot; /* path */
    struct scoreboard *scoreboard;
    struct slot *slot; /* its own */
    struct log *log;
    unsigned max_requests; /* after which it ends, to be replaced by a new one; 0: never */
};

/*
 * Answer requests until SIGTERM, SIGINT or SIGQUIT comes, or so many were answered; a request that
 * runs is finished first. SIGUSR1 opens the log anew. These signals must be blocked when it is
 * called. Before each request the snapshot is mapped anew if the generation has changed; as long as
 * there is none, requests are answered with 503. Returns 0, or -1 with a reason where it can't
 * start.
 */
int worker_run(const struct worker_options *options, struct err *err);

#endif
