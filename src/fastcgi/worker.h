/*
 * worker: a process of the pool that answers requests, one at a time, on any number of connections.
 *
 * A request with a body of more than 16 kB may take long: before it, the worker gives its other
 * connections to workers that are free. One with a body of more than 64 kB needs a turn (turns.h): the
 * worker parks it until a turn is free, and answers others meanwhile.
 */
#ifndef FASTCGI_WORKER_H
#define FASTCGI_WORKER_H

#include "fastcgi/exchange.h"
#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"
#include "fastcgi/turns.h"
#include "util/err.h"

#include <signal.h>

/* The signal that makes an idle worker look for a new snapshot. Its default is to be ignored, so that
 * it does no harm to workers of an older program. */
#define WORKER_WAKE SIGURG

struct worker_options {
    int listener;              /* The listening socket. */
    struct exchange *exchange; /* Where workers pass connections to each other. */
    struct turns *turns;       /* The turns of requests that may take longest. */
    const char *snapshot;      /* The path of the snapshot. */
    struct scoreboard *scoreboard;
    struct slot *slot; /* The slot of this process. */
    struct log *log;
    unsigned max_requests; /* The requests after which the worker exits; 0 for no limit. */
};

/*
 * Answer requests until SIGTERM, SIGINT or SIGQUIT comes, or max_requests were answered; the
 * present request is finished first. Then give the connections to the other workers; after SIGQUIT,
 * which ends the pool, close them. SIGUSR1 reopens the log. All these signals must be blocked.
 *
 * The worker maps the snapshot again if the scoreboard's generation has changed, before a request and
 * after WORKER_WAKE. Without a snapshot it answers 503. Returns 0, or -1 with a reason where it
 * cannot start.
 */
int worker_run(const struct worker_options *options, struct err *err);

#endif
