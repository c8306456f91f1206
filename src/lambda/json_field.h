/*
 * json_field: reads typed fields of an event's JSON. A null counts as a missing key.
 */
#ifndef LAMBDA_JSON_FIELD_H
#define LAMBDA_JSON_FIELD_H

#include "util/err.h"
#include "util/str.h"

#include <jansson.h>
#include <stdbool.h>

/* The value of `key`, borrowed; NULL if there is none. `object` may be NULL. */
json_t *json_field_get(const json_t *object, const char *key);

/*
 * Read the field `key` of `object`, which may be NULL, into `*value`, borrowed from the JSON. A
 * missing field leaves `*value` unchanged. `name` is the field's full name for the reason
 * ("requestContext.stage"). Return 0, or -1 with a reason where the field has another type.
 */
int json_field_object(json_t *object, const char *key, const char *name, json_t **value,
                      struct err *err);
int json_field_string(json_t *object, const char *key, const char *name, struct str *value,
                      struct err *err);
int json_field_bool(json_t *object, const char *key, const char *name, bool *value,
                    struct err *err);

/* Do the same as json_field_string(), but a missing field, too, returns -1 with a reason. */
int json_field_need_string(json_t *object, const char *key, const char *name, struct str *value,
                           struct err *err);

#endif
