/*
 * text_request: what the endpoints that take text have in common: text and options come from the
 * query of a GET; or from a POST, whose body is a JSON object with the same names, or plain text
 * with the options in the query.
 */
#ifndef API_TEXT_REQUEST_H
#define API_TEXT_REQUEST_H

#include "api/event.h"
#include "api/response.h"
#include "util/err.h"
#include "util/str.h"

#include <jansson.h>
#include <stdbool.h>

struct text_request {
    const struct proxy_event *event; /* borrowed */
    json_t *object;                  /* the JSON body, owned; NULL where the request has none */
    struct str text; /* borrowed from event or object; empty where missing or null */
};

/*
 * Read a request. Returns 0; 1 where it was refused (400 for a body that is no JSON object or a
 * "text" that is no string, 415 for another type of body), and then `response` is the answer; -1
 * with a reason when memory ran out. The request is to be freed after 0 only. Numbers in the object
 * are all real ones, so that an integer of any size is no error.
 */
int text_request_read(struct text_request *request, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err);
void text_request_free(struct text_request *request);

/*
 * An option: the object's value if it has one that is not null, else the query's, else `missing`.
 * Of JSON values that are no strings, true and 1 read as "1", false and 0 as "0", and any other as
 * "".
 */
struct str text_request_option(const struct text_request *request, const char *name,
                               const char *missing);

/* Whether an option is given, in the object and not null, or in the query. */
bool text_request_has(const struct text_request *request, const char *name);

/* Read an option that is "1" or "0", `*value` coming in as what it is where it is missing. Returns
 * false where it is anything else. */
bool text_request_flag(const struct text_request *request, const char *name, bool *value);

#endif
