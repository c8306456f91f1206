/*
 * children: the processes that the supervisor has started, that is the workers and the compiler. It
 * starts the missing ones, notices when one ends or makes no progress, and stops them.
 */
#ifndef FASTCGI_CHILDREN_H
#define FASTCGI_CHILDREN_H

#include "fastcgi/back_off.h"
#include "fastcgi/exchange.h"
#include "fastcgi/log.h"
#include "fastcgi/pool_options.h"
#include "fastcgi/scoreboard.h"
#include "fastcgi/turns.h"
#include "util/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct children {
    const struct pool_options *options;
    struct log *log;
    struct scoreboard *scoreboard;        /* The slots of the processes. */
    int listener;                         /* The listening socket, which the workers inherit. */
    struct exchange *exchange;            /* Where workers pass connections to each other. */
    struct turns *turns;                  /* The turns of requests that may take longest. */
    bool is_child;                        /* Whether this process is a child, not the supervisor. */
    bool stopping;                        /* Whether a signal has asked the pool to end. */
    struct back_off back_off[SLOT_ROLES]; /* The back-off of each role. */
};

/*
 * Start the compiler, and the workers if `workers` is true, as far as they are missing and no
 * back-off prevents it. Signals that they wait for must be blocked.
 *
 * Returns 0 in the supervisor. In a child it returns when the child has done its work, with
 * is_child set: 0, or -1 with a reason.
 */
int children_start_missing(struct children *children, bool workers, struct err *err);

/* Record what waitpid(), with WUNTRACED and WCONTINUED, has returned: the process has ended, was
 * stopped by a signal, or continues. An unexpected end goes to the log. */
void children_record_status(struct children *children, pid_t pid, int status);

/* Kill each child that has made no progress for too long. */
void children_kill_stuck(const struct children *children);

/* Send a signal to all children. */
void children_signal(const struct children *children, int number);

/* Tell all children to finish what they do, close their connections, and exit. */
void children_stop(const struct children *children);

/* Whether any child is left. */
bool children_any_left(const struct children *children);

/* After an upgrade: for each new worker that can answer, stop one that the old program started, and
 * stop its compiler. Returns whether processes of the old program are left. */
bool children_replace_old(const struct children *children);

#endif
