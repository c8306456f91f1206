/*
 * pool: the supervisor. It runs one process that compiles the store whenever it has changed
 * (compiler.h), and the workers that answer (worker.h); it replaces those that end, and ends those
 * that are stuck. It itself touches neither SQLite nor a request.
 *
 *   SIGTERM, SIGINT, SIGQUIT  let the workers finish what runs, and end
 *
 *   SIGHUP   become the program that now lies at its path, and replace all workers one by one; no
 *            request is lost, and the socket stays open (upgrade.h)
 *
 *   SIGUSR1  open the logs anew
 */
#ifndef FASTCGI_POOL_H
#define FASTCGI_POOL_H

#include "fastcgi/scoreboard.h"
#include "util/err.h"

#define POOL_MAX_WORKERS SCOREBOARD_WORKERS

struct pool_options {
    const char *store, *snapshot; /* paths; the snapshot is written */
    const char *listen;           /* address, see listen.h; NULL for descriptor 0 */
    const char *error_log;        /* path; NULL: stderr */
    const char *access_log;       /* path; NULL: none */
    unsigned workers;             /* 1 to POOL_MAX_WORKERS */
    unsigned request_timeout;     /* s that a request may take; 0: any time */
    unsigned max_requests;        /* after which a worker is replaced; 0: never */
    char *const *argv;            /* what this program was called with, ended by NULL, for SIGHUP */
};

/*
 * Run the pool until a signal ends it. Returns 0, or -1 with a reason. It returns in the processes
 * that it starts, too: the caller frees what is its own and exits in either case.
 */
int pool_run(const struct pool_options *options, struct err *err);

#endif
