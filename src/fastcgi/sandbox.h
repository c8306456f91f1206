/*
 * sandbox: takes from a worker the rights that it does not need. A worker reads one snapshot and
 * answers on sockets that it has already. So even code that a request smuggled in cannot write to
 * the store.
 */
#ifndef FASTCGI_SANDBOX_H
#define FASTCGI_SANDBOX_H

#include "util/err.h"

struct sandbox {
    /* The path of the snapshot. The process may read the files in its directory. */
    const char *snapshot;

    /* The paths of the logs; NULL or "-" for a descriptor that is open already. The process may create and
     * write files in their directories, so that it can reopen a log. Do not keep the store there. */
    const char *error_log, *access_log;
};

/*
 * Enter the sandbox, for good, with all processes that this one starts: no new privileges, no files
 * except those above, no new TCP connections. Landlock enforces the latter two, as far as the
 * kernel supports it; see landlock(7). Returns 0, or -1 with a reason.
 *
 * A build with sanitizers only gives up new privileges, since the sanitizers read files when the
 * process exits.
 */
int sandbox_enter(const struct sandbox *sandbox, struct err *err);

#endif
