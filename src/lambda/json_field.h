/*
 * field: takes the fields of an event, and says which one has a wrong type. A null is as if the key
 * were not there.
 */
#ifndef LAMBDA_JSON_FIELD_H
#define LAMBDA_JSON_FIELD_H

#include "util/err.h"
#include "util/str.h"

#include <jansson.h>
#include <stdbool.h>

/* The field of this key, borrowed, or NULL where there is none. `object` may be NULL. */
json_t *json_field_get(const json_t *object, const char *key);

/*
 * Each takes the field of this key out of `object`, which may be NULL, and leaves `*value` alone
 * where there is none. `name` is the field's full name for the reason ("requestContext.stage").
 * Returns 0, or -1 with a reason where the field has another type. What is taken is borrowed from
 * the JSON.
 */
int json_field_object(json_t *object, const char *key, const char *name, json_t **value,
                      struct err *err);
int json_field_string(json_t *object, const char *key, const char *name, struct str *value,
                      struct err *err);
int json_field_bool(json_t *object, const char *key, const char *name, bool *value,
                    struct err *err);

/* As json_field_string(), and a missing field is a failure, too. */
int json_field_need_string(json_t *object, const char *key, const char *name, struct str *value,
                           struct err *err);

/* The text of a JSON string. */
static inline struct str json_field_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

#endif
