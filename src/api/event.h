/*
 * event: one request, whatever brought it: nginx, an API gateway, a load balancer, a function URL,
 * a test.
 *
 * An event borrows all its text from the edge that made it, which keeps it until the response is
 * sent.
 */
#ifndef API_EVENT_H
#define API_EVENT_H

#include "util/str.h"
#include "util/url.h"

/* The longest query string, in bytes as sent: a little over 7,000 Chinese characters. */
#define PROXY_MAX_QUERY (64 * 1024)

/* The longest body, in bytes, base64 undone. */
#define PROXY_MAX_BODY (2 * 1024 * 1024)

/*
 * What an edge found wrong with the request while it read it. The status and the text are answered
 * once it is clear that the route exists and takes the method, so that every edge refuses in the
 * same order.
 */
struct proxy_fault {
    int status;       /* 0 for none, else 4xx */
    const char *text; /* what is wrong; static or borrowed like the event */
};

struct proxy_event {
    struct str method;               /* as sent: "GET" */
    struct str path;                 /* decoded, without stage prefix and query: "/segment" */
    struct str content_type;         /* the header's value, or empty */
    struct str body;                 /* empty where there is none */
    const struct url_params *params; /* of the query string, decoded */
    struct proxy_fault fault;
};

#endif
