/*
 * site: how nginx passes requests to the pool, according to its configuration.
 */
#ifndef DOCTOR_SITE_H
#define DOCTOR_SITE_H

#include "util/err.h"

#include <stdbool.h>

struct site {
    char user[64];     /* The configured user of nginx's processes, or "". */
    unsigned passes;   /* The number of locations that pass requests to the pool. */
    unsigned least_ms; /* The shortest fastcgi_read_timeout of these locations. */
    unsigned most_ms;  /* The longest fastcgi_read_timeout of these locations. */
    char other[128];   /* An address other than the pool's that gets requests, or "". */
    char status[64];   /* The `listen` address of the status pages, or "". */
    bool status_open;  /* Whether other hosts may read the status pages at that address. */
    char header[64];   /* The value of real_ip_header if set_real_ip_from names a proxy, or "". */
    bool trusts_all;   /* Whether nginx takes that header from any client. */
    char plain[64];    /* A `listen` address of the site without proxy_protocol, or "". */
};

/*
 * Read the configuration at `path`, or the output of `nginx -T` if that is NULL, and find what it
 * says about the pool that listens on the Unix socket `socket`. Returns 0 or -1 with a reason.
 */
int site_read(struct site *site, const char *path, const char *socket, struct err *err);

#endif
