/*
 * exchange: workers pass connections to each other. A worker gives its connections away when it
 * ends, and before a request that takes long, so that other requests need not wait for it. Whichever
 * worker is free takes them.
 *
 * It is a socket pair that all workers share; each message on it carries one descriptor. It
 * survives a worker that is killed, and a supervisor that re-executes (upgrade.h). Connections on it
 * are closed when the last process ends that has it open.
 */
#ifndef FASTCGI_EXCHANGE_H
#define FASTCGI_EXCHANGE_H

#include "util/err.h"

#include <stdbool.h>

/* Two descriptors, closed on exec, or -1. */
struct exchange {
    int give; /* Connections are given away here. */
    int take; /* They arrive here. It is readable while there are any. */
};

/* Make an exchange. Returns -1 with a reason on failure. */
int exchange_open(struct exchange *exchange, struct err *err);

/* Close both descriptors. */
void exchange_close(struct exchange *exchange);

/* Give a connection away: another worker gets a copy of the descriptor, and the caller closes its own.
 * `is_new` tells whether no request has come on it yet. Returns -1 where the exchange is full. Never
 * waits. */
int exchange_give(const struct exchange *exchange, int connection, bool is_new);

/* Take a connection, which is then the caller's to close. Returns -1 where there is none. Never
 * waits. */
int exchange_take(const struct exchange *exchange, bool *is_new);

#endif
