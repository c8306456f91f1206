/*
 * listen: binds an HTTP server to an address.
 */
#ifndef LAMBDA_HOST_LISTEN_H
#define LAMBDA_HOST_LISTEN_H

#include "util/err.h"

#include <event2/http.h>

/*
 * Bind the server to an IPv4 address and a port, 0 for a free one. Sets `*bound` to the port.
 * Accepted connections have TCP_NODELAY: libevent writes in pieces of 16 KB, and otherwise each
 * piece would wait until the peer acknowledges the one before. Returns 0 or -1 with a reason.
 */
int listen_http(struct evhttp *http, const char *address, unsigned port, unsigned *bound,
                struct err *err);

#endif
