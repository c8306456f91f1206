/*
 * connections: all connections of a worker. They stay open between requests; an idle one costs two
 * descriptors, and no time. The worker waits for the next request on any of them, for new connections at the
 * listening socket, and for those that other workers give away.
 */
#ifndef FASTCGI_CONNECTIONS_H
#define FASTCGI_CONNECTIONS_H

#include "fastcgi/exchange.h"
#include "util/err.h"

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

/* The most connections that are ready at a time. */
#define CONNECTIONS_BATCH 64

/* A connection, between requests or with one. */
struct connection {
    FCGX_Request fcgi; /* The request, with a descriptor of its own, which libfcgi closes. */

    /* The descriptor that epoll watches. A connection that comes from another worker can still be
     * open there, so that epoll would not forget it when libfcgi closes its descriptor here. */
    int fd;

    bool is_new;    /* Whether no request has come on it yet. */
    bool is_parked; /* Whether a request on it waits for its turn. */
    int64_t begin;  /* The time when the parked request came, as clock_now() counts. */
    struct connection *next, *previous;
};

struct connections {
    int epoll;                       /* The descriptor of epoll. */
    int listener;                    /* The listening socket, borrowed. */
    const struct exchange *exchange; /* Where workers pass connections to each other, borrowed. */
    int signals;                     /* A descriptor of signalfd(), borrowed. */
    struct connection *first;        /* The first of all connections. */
    unsigned n_parked;               /* The number of parked connections. */

    /* The connections that had a request when the worker waited last. It has taken the first
     * `at_ready` of them. */
    struct connection *ready[CONNECTIONS_BATCH];
    unsigned n_ready, at_ready;

    bool may_accept;      /* Whether a new connection waited then. */
    bool may_take;        /* Whether the exchange had one then. */
    bool has_signal;      /* Whether a signal is pending; the caller clears this. */
    bool has_complained;  /* Whether accepting has failed last. */
    struct err complaint; /* What went wrong with a connection; the caller logs and clears it. */
    int64_t accept_after; /* The time until which new connections are left alone; 0 for none. */
};

/* Begin without any connection. `signals` is a descriptor of signalfd(). Returns -1 with a reason on
 * failure. */
int connections_open(struct connections *connections, int listener, const struct exchange *exchange,
                     int signals, struct err *err);

/*
 * Wait until a connection has a request, or until there is a signal, which sets has_signal; while a
 * connection is parked, wait for a few milliseconds only. Accepts and takes connections where no
 * request is waiting, so that the worker that has the least to do gets them. Returns the connection,
 * or NULL after a signal or where there is nothing to do yet. A connection that is at its end counts
 * as ready: reading a request from it fails.
 *
 * While there is no descriptor or no memory for a new connection, leaves new ones alone for a while
 * each time, and complains the first time.
 */
struct connection *connections_wait(struct connections *connections);

/* After a request, or after one that could not be read: forget the connection if libfcgi has closed
 * it. */
void connections_done(struct connections *connections, struct connection *connection);

/* Put a connection aside, of whose request the parameters have been read. It came at `begin`, as
 * clock_now() counts. Nobody watches the connection until connections_unpark(). */
void connections_park(struct connections *connections, struct connection *connection,
                      int64_t begin);

/* Return the parked connection whose request came first, which is then no longer parked; NULL where
 * none is parked. The caller answers the request. */
struct connection *connections_unpark(struct connections *connections);

/* Give all connections but `except`, which may be NULL, to other workers. Keeps those that are
 * parked, and those that the exchange does not take. */
void connections_give(struct connections *connections, const struct connection *except);

/* Accept no more connections. Returns one that has a request or has not had any, or NULL where there is
 * none. A worker that ends answers these; the others may be closed. With `take`, also takes what other
 * workers have given away. */
struct connection *connections_next_left(struct connections *connections, bool take);

/* Close all connections, which must be between requests, and free the memory. */
void connections_close(struct connections *connections);

#endif
