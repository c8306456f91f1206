/*
 * status_pages: what the pool reports about itself, answered by any of its workers.
 *
 *   /healthz  200 while the worker has mapped a snapshot and can answer requests; else 503
 *   /status   JSON: the workers and what they do, the snapshot, what is wrong with the store
 *   /metrics  the same as numbers, in the text format of Prometheus
 *
 * To add a page, write its handler in status_pages.c, add a row to the table there, and increase
 * STATUS_PAGES.
 */
#ifndef FASTCGI_STATUS_PAGES_H
#define FASTCGI_STATUS_PAGES_H

#include "api/route.h"

#define STATUS_PAGES 3

/* The pages, as routes for `struct extra_routes`. Its context is the `struct scoreboard` to report
 * on. */
extern const struct route status_pages[STATUS_PAGES];

#endif
