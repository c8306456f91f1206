/*
 * proxy: answers an event: its JSON in, the JSON of the response out.
 */
#ifndef LAMBDA_PROXY_H
#define LAMBDA_PROXY_H

#include "api/handler.h"
#include "util/err.h"
#include "util/str.h"

/* The memory that answering takes, kept between events. */
struct proxy;

struct proxy *proxy_new(void); /* NULL when memory ran out */

/* Free; NULL is allowed. */
void proxy_free(struct proxy *proxy);

struct proxy_answer {
    struct str json;  /* the response, valid until the next event; empty where there is none */
    const char *type; /* what to report instead: "Runtime.InvalidEvent", say; static */
};

/*
 * Answer the event in the JSON text `event`. Returns 0; or -1 with a reason for the log. In that
 * case answer->json is a 500 that can be sent as it is; or it is empty, where the event is none
 * that could be answered, and answer->type and the reason are what to report.
 */
int proxy_answer(struct proxy *proxy, struct api *api, struct str event,
                 struct proxy_answer *answer, struct err *err);

#endif
