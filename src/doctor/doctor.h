/*
 * doctor: checks an installation for the mistakes that operators make. A check changes nothing,
 * apart from what SQLite does when it opens the store. A check whose object does not exist prints a
 * line with the level skipped.
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "doctor/report.h"

#include <stdbool.h>

/* The paths of the installation's parts, borrowed. */
struct doctor_paths {
    const char *store;
    const char *snapshot;
    const char *socket;        /* The socket of the pool. */
    const char *nginx;         /* The configuration of nginx; NULL to run `nginx -T`. */
    const char *bootstrap;     /* The program of the Lambda function. */
    const char *packages;      /* The directory of ARCHITECTURE/function.zip and layer.zip. */
    const char *template;      /* The template for AWS SAM. */
    const char *default_store; /* The store of a pool that runs without --store. */
};

/* Settings that the caller may know better than the doctor can find out. */
struct doctor_settings {
    unsigned workers;         /* Workers of the pool; 0 for those of the running pool. */
    unsigned request_timeout; /* Seconds; DOCTOR_DETECT for that of the running pool. */
    unsigned client_timeout;  /* Seconds that clients wait for an answer; 0 if unknown. */
};

#define DOCTOR_DETECT (~0u)

/* Check the store, the directory that SQLite writes in, and the snapshot. Returns false where that
 * directory does not exist, so that this machine has no pool. */
bool doctor_check_data(struct report *report, const struct doctor_paths *paths);

/* Check the socket and nginx's right to use it, the status pages, the addresses of clients, the
 * pool's program and workers, and the order of the time-outs. */
void doctor_check_site(struct report *report, const struct doctor_paths *paths,
                       const struct doctor_settings *settings);

/* Check bootstrap, its packages, and the time-out of the function. */
void doctor_check_lambda(struct report *report, const struct doctor_paths *paths);

#endif
