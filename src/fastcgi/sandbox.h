/*
 * confine: takes from a worker what it does not need. It reads one snapshot and answers on sockets
 * that it has already; whatever a request might talk it into, it can't write the store.
 */
#ifndef FASTCGI_SANDBOX_H
#define FASTCGI_SANDBOX_H

#include "util/err.h"

struct sandbox {
    const char *snapshot; /* path; the files of its directory may be read */
    const char
        *error_log; /* paths or NULL; the files of their directories may be made and written, */
    const char *access_log; /* so that logs can be opened anew: keep the store elsewhere */
};

/*
 * Confine this process and all that it starts, for good: no new privileges, no other files than
 * those (Landlock, see landlock(7); a kernel without it leaves that out), and no TCP connections of
 * its own. Returns 0 or -1 with a reason. Builds with sanitizers keep their files: at the
 * end they read what only they need.
 */
int sandbox_enter(const struct sandbox *sandbox, struct err *err);

#endif
