/*
 * turns: the requests that may take longest need a turn, so that they never occupy all workers. All
 * workers but one can have a turn at the same time; a pool of one worker has one turn.
 *
 * A turn is a record lock on a byte of a file in memory (fcntl(2)). So the kernel ends the turn of a
 * worker that is killed. A new program has turns of its own: while the old workers finish what they have
 * begun, all can be busy.
 */
#ifndef FASTCGI_TURNS_H
#define FASTCGI_TURNS_H

#include "util/err.h"

#include <stdbool.h>

struct turns {
    int fd;     /* The file, closed on exec, or -1. All workers inherit it. */
    unsigned n; /* The number of turns. */
};

/* Make the turns for `workers` workers, at least 1. Returns -1 with a reason on failure. */
int turns_open(struct turns *turns, unsigned workers, struct err *err);

void turns_close(struct turns *turns);

/* Take a turn for this process, which must have none. Returns whether one was free. Never waits. */
bool turns_take(const struct turns *turns);

/* End the turn of this process, if it has one. */
void turns_end(const struct turns *turns);

#endif
