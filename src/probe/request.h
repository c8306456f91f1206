/*
 * request: one HEAD or GET request to the host of an image, up to the end of the answer's head. Each
 * has a connection of its own.
 */
#ifndef PROBE_REQUEST_H
#define PROBE_REQUEST_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>

/* What all requests share. */
struct network;

/* Prepare for requests. `seconds` is how long one may take; connecting, with TLS, may take a third of
 * that. Returns NULL with a reason on failure. */
struct network *network_new(unsigned seconds, struct err *err);

/* Run the requests, until network_stop() is called from a request_done. */
void network_run(struct network *network);
void network_stop(struct network *network);

/* Free it, after all requests; NULL is allowed. */
void network_free(struct network *network);

/* The head of an answer, valid during the call of request_done. */
struct head {
    int status;          /* The status; 0 where there was no answer. */
    const char *error;   /* Why there was none; empty where there was one. */
    struct str location; /* The header Location; empty where there is none. */
    struct str type;     /* The header Content-Type, likewise. */
};

/* Called once at the end of a request, but never before request_start() has returned. The request has
 * been freed. */
typedef void request_done(void *arg, const struct head *head);

/* Begin a request for a URL (http or https). `get` asks for the first byte by GET instead of HEAD.
 * Returns 0, or -1 when memory runs out. */
int request_start(struct network *network, const char *url, bool get, request_done *done,
                  void *arg);

#endif
