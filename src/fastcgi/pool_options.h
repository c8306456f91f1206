/*
 * pool_options: how a pool is started, with its limits and its defaults. This header includes
 * nothing of the pool, so that `serverful doctor` can compare the configuration of nginx with it.
 */
#ifndef FASTCGI_POOL_OPTIONS_H
#define FASTCGI_POOL_OPTIONS_H

#include <unistd.h>

/* Worker processes. At least two by default, so that one is free while the other works on a request
 * that takes long. */
#define POOL_MAX_WORKERS           512
#define POOL_LEAST_DEFAULT_WORKERS 2

/* Seconds that a request may take; 0 is no limit. */
#define POOL_MAX_REQUEST_TIMEOUT     86400
#define POOL_DEFAULT_REQUEST_TIMEOUT 20

/* Requests after which a worker is replaced; 0 is no limit. */
#define POOL_MAX_MAX_REQUESTS     1000000000
#define POOL_DEFAULT_MAX_REQUESTS 0

/* The number of workers that fits this machine: one for each processor. */
static inline unsigned pool_default_workers(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < POOL_LEAST_DEFAULT_WORKERS)
        return POOL_LEAST_DEFAULT_WORKERS;
    return processors < POOL_MAX_WORKERS ? (unsigned)processors : POOL_MAX_WORKERS;
}

struct pool_options {
    const char *store;     /* The path of the store, which the pool only reads. */
    const char *snapshot;  /* The path of the snapshot, which the pool writes. */
    const char *receive;   /* The path of snapshots that are sent, instead of a store; or NULL. */
    const char *listen;    /* The address for listen_open(); NULL for the socket on descriptor 0. */
    const char *error_log; /* The path of the error log; NULL for stderr. */
    const char *access_log;   /* The path of the access log; NULL for none. */
    unsigned workers;         /* The number of workers, 1 to POOL_MAX_WORKERS. */
    unsigned request_timeout; /* The seconds that a request may take; 0 for no limit. */
    unsigned max_requests;    /* The requests after which a worker is replaced; 0 for no limit. */
    char *const *argv;        /* The command line of this program, ended by NULL, for an upgrade. */
};

#endif
