/*
 * front_end: a front end for unit tests, which answers events by an empty snapshot. That is enough for /calculator
 * and for all that happens before a handler.
 */
#ifndef T_FRONT_END_H
#define T_FRONT_END_H

#include "api/route.h"

#include "tap.h"

#include <string.h>

struct front_end {
    struct snapshot_header header;
    struct snapshot snapshot;
    struct api api;
    struct url_params params;
    struct proxy_event event;
    struct proxy_response response;
    struct err err;
};

/* Make the event that a test changes before it is answered. Prints two results. */
static inline void front_end_init(struct front_end *front, const char *method, const char *path,
                                  const char *query)
{
    *front = (struct front_end){0};
    front->snapshot.header = &front->header;
    front->api.snapshot = &front->snapshot;
    front->event.method = str_of(method);
    front->event.path = str_of(path);
    front->event.params = &front->params;
    ok(api_init(&front->api, &front->err) == 0, "api_init succeeds for %s %s?%s", method, path,
       query);
    ok(url_parse_query(&front->params, str_of(query), &front->err) == 0, "the query '%s' is parsed",
       query);
}

static inline void front_end_free(struct front_end *front)
{
    api_free(&front->api);
    url_params_free(&front->params);
    proxy_response_free(&front->response);
}

/* Return the value of a response header, or "(none)". */
static inline const char *front_end_header(const struct front_end *front, const char *name)
{
    for (size_t i = 0; i < front->response.n_headers; i++) {
        if (!strcmp(front->response.headers[i].name, name))
            return front->response.headers[i].value.at;
    }
    return "(none)";
}

/* Answer the event. Returns the value of route_answer(). */
static inline int front_end_answer(struct front_end *front)
{
    const struct route *route = route_find(&front->api, front->event.path);
    return route_answer(&front->api, route, &front->event, &front->response, &front->err);
}

/* Whether the response has this body and a newline; of an error, the object may have more members. */
static inline bool front_end_has_body(const struct front_end *front, const char *body)
{
    struct str got = buf_str(&front->response.body), wanted = str_of(body);
    if (wanted.len == 0 || got.len == 0)
        return wanted.len == got.len;
    if (strncmp(body, "{\"error\"", 8) == 0)
        wanted.len--;
    return got.len > wanted.len && !memcmp(got.at, wanted.at, wanted.len) &&
           got.at[got.len - 1] == '\n';
}

/* Answer the event, and compare status and body. Prints three results. */
static inline void front_end_answers(struct front_end *front, int status, const char *body)
{
    struct str method = front->event.method, path = front->event.path;
    ok(front_end_answer(front) == 0, "route_answer(%.*s %.*s) succeeds", (int)method.len, method.at,
       (int)path.len, path.at);
    ok(front->response.status == status, "%.*s %.*s answers %d: %d", (int)method.len, method.at,
       (int)path.len, path.at, status, front->response.status);
    ok(front_end_has_body(front, body), "%.*s %.*s has the body '%s': '%.*s'", (int)method.len,
       method.at, (int)path.len, path.at, body, (int)front->response.body.len,
       front->response.body.at);
}

/* A query of /calculator, whose answer is {"result": 3.0}. */
#define SUM "num1=1&num2=2&operator=add"

#endif
