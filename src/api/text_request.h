/*
 * text_request: reads the request of an endpoint that takes a text.
 *
 * A GET has text and options in the query. A POST has them as members of a JSON object, or of a form;
 * or its body is the text. What the body does not have may be in the query.
 */
#ifndef API_TEXT_REQUEST_H
#define API_TEXT_REQUEST_H

#include "api/api.h"
#include "api/event.h"
#include "api/response.h"
#include "util/err.h"
#include "util/str.h"

#include <jansson.h>
#include <stdbool.h>

struct text_request {
    const struct proxy_event *event; /* The event, borrowed. */
    const struct url_params *params; /* The query, and after it the form; borrowed. */
    json_t *object;                  /* The JSON body, owned; NULL without one. */
    struct str text;                 /* The text, borrowed from event or object; may be empty. */
    bool has_text;                   /* Whether there is a text, even an empty one. */
    size_t n_found;                  /* How often text_request_find() has found an option. */
};

/*
 * Read a request. Returns 0, and then text_request_free() must follow; 1 where `response` refuses
 * the request (400: the body is not a JSON object or a form, or "text" is not a string; 413: too many
 * JSON values; 415: another media type); -1 with a reason when memory runs out. The object has all
 * numbers as reals, so that an integer may be of any size. A form is kept in `api`.
 */
int text_request_read(struct text_request *request, struct api *api,
                      const struct proxy_event *event, struct proxy_response *response,
                      struct err *err);

/* Free the JSON body. */
void text_request_free(struct text_request *request);

/* Refuse a request that has no text; names the parameter that may be meant as `text`. Returns 0. */
int text_request_refuse_missing(const struct text_request *request,
                                struct proxy_response *response);

/* Refuse a text that is not UTF-8. Returns 0. */
int text_request_refuse_utf8(struct str text, struct proxy_response *response);

/* Refuse the value of an option; `allowed` is for the placeholder of that name. Returns 1. */
int text_request_refuse_option(const struct text_request *request, enum refusal refusal,
                               const char *name, const char *allowed,
                               struct proxy_response *response);

/* The bytes that a JSON value takes in an error. */
#define TEXT_REQUEST_SHOWN 32

/* Return a JSON value as an error shows it: a string without quotes, a number, a literal, or that it is
 * an array or an object. Borrowed from the value or from `room`. */
struct str text_request_show(const json_t *value, char room[TEXT_REQUEST_SHOWN]);

/* Refuse a request that has a slip for one of the options; see misspelt_find_option(). Returns 0, or 1
 * where `response` refuses it. */
int text_request_refuse_slip(const struct text_request *request, const char *const *options,
                             struct proxy_response *response);

/* Find an option among the members of the JSON object; see text_request_find(). */
bool text_request_find_member(const struct text_request *request, const char *name,
                              struct str *value);

/*
 * Find an option: a member of the JSON object that is not null, else a parameter of the form or of the
 * query. Returns true and sets `*value`, borrowed from the request; or returns false and leaves `*value`
 * as it is where the request has no such option. The JSON values true and 1 become "1", false and 0
 * become "0", and any other value that is not a string becomes "". Call it once for each option. Inline,
 * since a request has many options and mostly a short text.
 */
static inline bool text_request_find(struct text_request *request, const char *name,
                                     struct str *value)
{
    if (request->object && text_request_find_member(request, name, value)) {
        request->n_found++;
        return true;
    }
    const struct str *parameter = url_param(request->params, name);
    if (!parameter)
        return false;
    *value = *parameter;
    request->n_found++;
    return true;
}

/* Check the names of all parameters and members, when all options have been found. Returns 0, or 1 where
 * `response` refuses a slip for one of the NULL-terminated list `options`. Inline, since mostly there is
 * no other name than those that have been found. */
static inline int text_request_check_names(const struct text_request *request,
                                           const char *const *options,
                                           struct proxy_response *response)
{
    size_t n_members = request->object ? json_object_size(request->object) : 0;
    return request->params->n + n_members > request->n_found &&
           text_request_refuse_slip(request, options, response);
}

/* Read an option that is "1" or "0". `*value` is the default. Returns 0, or 1 where `response` refuses
 * any other value. */
static inline int text_request_flag(struct text_request *request, const char *name, bool *value,
                                    struct proxy_response *response)
{
    struct str option;
    if (!text_request_find(request, name, &option))
        return 0;
    *value = str_is(option, "1");
    if (*value || str_is(option, "0"))
        return 0;
    return text_request_refuse_option(request, REFUSE_CHOICE, name, "0, 1", response);
}

#endif
