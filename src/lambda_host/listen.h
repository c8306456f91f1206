/*
 * listen: where HTTP comes in.
 */
#ifndef LAMBDA_HOST_LISTEN_H
#define LAMBDA_HOST_LISTEN_H

#include "util/err.h"

#include <event2/http.h>

/*
 * Bind the server to an address and a port, 0 for a free one; `*bound` tells the port. What is
 * accepted there sends without delay: libevent writes in pieces of 16 KB, and each would wait for
 * the peer's acknowledgement of the one before. Returns 0 or -1 with a reason.
 */
int host_listen(struct evhttp *http, const char *address, unsigned port, unsigned *bound,
                struct err *err);

#endif
