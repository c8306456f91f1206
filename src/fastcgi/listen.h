/*
 * listen: the socket on which the pool is reached.
 */
#ifndef FASTCGI_LISTEN_H
#define FASTCGI_LISTEN_H

#include "util/err.h"

/*
 * Open a listening socket, non-blocking and close-on-exec. `address` is
 *
 *   a path with a '/' in it, or "unix:" and a path: a Unix socket of mode 0660; a file left by a
 * pool that is gone is replaced, one on which somebody listens is not; "127.0.0.1:9000" or
 * "[::1]:9000": TCP, by numbers only; NULL: the listening socket inherited on descriptor 0, from
 * systemd or spawn-fcgi.
 *
 * Returns the descriptor, or -1 with a reason.
 */
int listen_open(const char *address, struct err *err);

/* Close what listen_open() gave for the same address, and remove its file. */
void listen_close(int fd, const char *address);

#endif
