/*
 * event: one HTTP request, the same whether it came from nginx, API Gateway, a load balancer or a
 * function URL.
 *
 * An event borrows all of its text from the front end that made it. The front end keeps the text
 * until the response is sent.
 */
#ifndef API_EVENT_H
#define API_EVENT_H

#include "api/limits.h"
#include "api/refusal.h"
#include "util/str.h"
#include "util/url.h"

struct proxy_event {
    struct str method;               /* The method as sent: "GET". */
    struct str path;                 /* The decoded path, without stage and query: "/segment". */
    struct str content_type;         /* The value of Content-Type; empty without this header. */
    struct str if_none_match;        /* The value of If-None-Match; empty without this header. */
    struct str accept_language;      /* The value of Accept-Language; empty without this header. */
    struct str body;                 /* The body, after base64 is undone; may be empty. */
    const struct url_params *params; /* The decoded parameters of the query string. */

    /* An error that the front end found while it read the request. route_answer() sends it, after it
     * has checked path and method, so that both front ends refuse requests in the same order. */
    enum refusal fault;
};

#endif
