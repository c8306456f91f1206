/*
 * takeover: a supervisor that becomes another program without losing anything. The process stays
 * the same, with its workers, its listening socket and its scoreboard; the program on disk takes
 * its place (execve). Before that it is tried out in a process of its own, so that a program that
 * does not start leaves the old one where it is.
 */
#ifndef FASTCGI_TAKEOVER_H
#define FASTCGI_TAKEOVER_H

#include "util/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct takeover {
    int scoreboard, listener; /* descriptors */
    bool trial;               /* see whether you could, and end */
};

/* Whether this process is to take over, and what from. Forgets it, so that no other process takes
 * it for its own. */
bool takeover_read(struct takeover *takeover);

/* Start a trial; its process, which ends with 0 if all is well. -1 with a reason on failure. */
pid_t takeover_try(char *const *argv, const struct takeover *takeover, struct err *err);

/* Become the program argv[0]. Returns only on failure, -1 with a reason. */
int takeover_run(char *const *argv, const struct takeover *takeover, struct err *err);

#endif
