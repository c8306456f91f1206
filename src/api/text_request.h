/*
 * text_request: reads the request of an endpoint that takes a text.
 *
 * A GET has text and options in the query. A POST has them as members of a JSON object; or its body
 * is the text, and the options are in the query.
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
    const struct proxy_event *event; /* The event, borrowed. */
    json_t *object;                  /* The JSON body, owned; NULL without one. */
    struct str text;                 /* The text, borrowed from event or object; may be empty. */
};

/*
 * Read a request. Returns 0, and then text_request_free() must follow; 1 where `response` refuses
 * the request (400: the body is not a JSON object, or "text" is not a string; 413: too many JSON
 * values; 415: another media type); -1 with a reason when memory runs out. The object has all
 * numbers as reals, so that an integer may be of any size.
 */
int text_request_read(struct text_request *request, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err);

/* Free the JSON body. */
void text_request_free(struct text_request *request);

/* Find an option among the members of the JSON object; see text_request_find(). */
bool text_request_find_member(const struct text_request *request, const char *name,
                              struct str *value);

/*
 * Find an option: a member of the JSON object that is not null, else a parameter of the query.
 * Returns true and sets `*value`, borrowed from the request; or returns false and leaves `*value` as
 * it is where the request has no such option. The JSON values true and 1 become "1", false and 0
 * become "0", and any other value that is not a string becomes "". Inline, since a request has many
 * options and mostly a short text.
 */
static inline bool text_request_find(const struct text_request *request, const char *name,
                                     struct str *value)
{
    if (request->object && text_request_find_member(request, name, value))
        return true;
    const struct str *parameter = url_param(request->event->params, name);
    if (parameter)
        *value = *parameter;
    return parameter != NULL;
}

/* Read an option that is "1" or "0". `*value` is the default. Returns false where the option is
 * anything else. */
static inline bool text_request_flag(const struct text_request *request, const char *name,
                                     bool *value)
{
    struct str option;
    if (!text_request_find(request, name, &option))
        return true;
    *value = str_is(option, "1");
    return *value || str_is(option, "0");
}

#endif
