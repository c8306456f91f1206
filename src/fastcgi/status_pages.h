/*
 * pages: what the pool tells of itself, answered by any of its workers.
 *
 *   /healthz  200 while requests can be answered, that is, a snapshot is mapped; else 503
 *   /status   JSON: the workers and what they do, the snapshot, what is wrong with the store
 *   /metrics  the same in numbers, in the text format of Prometheus
 */
#ifndef FASTCGI_STATUS_PAGES_H
#define FASTCGI_STATUS_PAGES_H

#include "api/event.h"
#include "api/response.h"
#include "fastcgi/scoreboard.h"
#include "snapshot/snapshot.h"

struct pages {
    const struct scoreboard *scoreboard;
    const struct snapshot *snapshot; /* of the worker that answers; closed where it has none */
};

/* The name of the page at a path ("healthz"), static; NULL where there is none. */
const char *pages_name(struct str path);

/* The name of a page by its number, from 0 on; NULL after the last one. */
const char *pages_at(unsigned i);

/* Answer an event whose path is that of a page. GET and HEAD are taken, else it is a 405. */
void pages_answer(const struct pages *pages, const struct proxy_event *event,
                  struct proxy_response *response);

#endif
