/*
 * proxy: answers an event. It takes the event's JSON and gives the response's JSON.
 */
#ifndef LAMBDA_PROXY_H
#define LAMBDA_PROXY_H

#include "api/handler.h"
#include "util/err.h"
#include "util/str.h"

/* The buffers that answering needs, reused for every event. */
struct proxy;

/* Make one, which proxy_free() frees. `base` is the base path of events that do not tell theirs, such as
 * "/v1" (see proxy_base.h); it is borrowed, and NULL means none. Returns NULL when memory runs out. */
struct proxy *proxy_new(const char *base);

/* Free it; NULL is allowed. */
void proxy_free(struct proxy *proxy);

struct proxy_answer {
    struct str json;  /* The response, valid until the next event; empty if there is none. */
    const char *type; /* The error type if there is none: "Runtime.InvalidEvent". Static. */

    /* The HTTP status of the response, and the name of its route: "none" where no route has the path, and
     * "ping" for an event that only keeps the function warm. Static. */
    int status;
    const char *route;
};

/*
 * Answer the event in the JSON text `event`. Returns 0, or -1 with a reason for the log. After -1,
 * either answer->json is a complete 500 response to send, or answer->json is empty and the caller
 * reports a failed invocation, of type answer->type, with the reason as its message.
 */
int proxy_answer(struct proxy *proxy, struct api *api, struct str event,
                 struct proxy_answer *answer, struct err *err);

#endif
