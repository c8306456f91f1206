/*
 * doctor: what an operator gets wrong, looked for in one go. A check changes nothing (the store is
 * opened, with what SQLite does then); one whose object is not there is skipped, and says so.
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "doctor/report.h"

#include <stdbool.h>

/* Where things are: paths, borrowed. */
struct doctor_places {
    const char *store, *snapshot, *socket;
    const char *nginx; /* its configuration; NULL: ask `nginx -T` */
    const char *bootstrap;
    const char *packages;    /* what `make lambda` fills: ARCHITECTURE/function.zip, layer.zip */
    const char *template;    /* for AWS SAM */
    const char *usual_store; /* the store of a pool that was told none */
};

/* What cannot be looked up. */
struct doctor_numbers {
    unsigned workers;         /* of the pool; 0: those of the one that runs */
    unsigned request_timeout; /* s; DOCTOR_ASK: that of the one that runs */
    unsigned client_timeout;  /* s that clients wait for an answer; 0: unknown */
};

#define DOCTOR_ASK (~0u)

/* The directory that SQLite writes in, the store, and the snapshot. Returns whether there is a pool
 * on this machine at all, by that directory. */
bool doctor_check_data(struct report *report, const struct doctor_places *places);

/* The socket, and whether nginx may use it; nginx's connections against the pool's workers; the
 * time-outs on the way. */
void doctor_check_site(struct report *report, const struct doctor_places *places,
                       const struct doctor_numbers *numbers);

/* bootstrap, its packages, and the function's time-out. */
void doctor_check_lambda(struct report *report, const struct doctor_places *places);

#endif
