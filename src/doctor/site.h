/*
 * site: how nginx passes requests to the pool, as far as its configuration tells.
 */
#ifndef DOCTOR_SITE_H
#define DOCTOR_SITE_H

#include "util/err.h"

#include <stdbool.h>

/* What nginx keeps open where an upstream does not say (since nginx 1.29.7; before it was none). */
#define SITE_KEEPALIVE_DEFAULT 32

struct site {
    char user[64];      /* of nginx's processes; "" where none is named */
    unsigned processes; /* of nginx */
    unsigned passes;    /* locations that pass requests to the pool */
    bool keeps;         /* at least one of them keeps connections open, */
    unsigned keepalive; /* and so many idle ones each process of nginx */
    bool unsaid;        /* that number is SITE_KEEPALIVE_DEFAULT, since an upstream says none */
    unsigned least_ms;  /* the shortest fastcgi_read_timeout of these locations */
    unsigned most_ms;   /* and the longest */
    char other[128];    /* an address that requests are passed to instead; "" where there is none */
};

/*
 * Read the configuration at `path` (NULL: what `nginx -T` prints) and find what it says about the
 * pool that listens on the Unix socket `socket`. Returns 0 or -1 with a reason.
 */
int site_read(struct site *site, const char *path, const char *socket, struct err *err);

#endif
