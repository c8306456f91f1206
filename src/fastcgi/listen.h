/*
 * listen: the listening socket of the pool.
 */
#ifndef FASTCGI_LISTEN_H
#define FASTCGI_LISTEN_H

#include "util/err.h"

/*
 * Open a listening socket, non-blocking and close-on-exec. `address` is one of these:
 *
 *   a path with a '/', or "unix:" and a path
 *       A Unix socket of mode 0660. The function replaces a socket file on which nobody listens,
 *       and fails where another process listens.
 *   "127.0.0.1:9000" or "[::1]:9000"
 *       A TCP socket. The host is a numeric address.
 *   NULL
 *       The listening socket that systemd or spawn-fcgi has passed on descriptor 0.
 *
 * Returns the descriptor, or -1 with a reason. The caller closes it with listen_close().
 */
int listen_open(const char *address, struct err *err);

/* Close a socket that listen_open() returned for the same address, and remove its file, unless that is
 * the file of another process. */
void listen_close(int fd, const char *address);

#endif
