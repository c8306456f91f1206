#include "lambda/json_field.h"

#include "api/json_read.h"

json_t *json_field_get(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

int json_field_object(json_t *object, const char *key, const char *name, json_t **value,
                      struct err *err)
{
    json_t *found = json_field_get(object, key);
    if (found && !json_is_object(found))
        return err_set(err, "the event's %s is not an object", name);
    if (found)
        *value = found;
    return 0;
}

int json_field_string(json_t *object, const char *key, const char *name, struct str *value,
                      struct err *err)
{
    json_t *found = json_field_get(object, key);
    if (found && !json_is_string(found))
        return err_set(err, "the event's %s is not a string", name);
    if (found)
        *value = json_read_text(found);
    return 0;
}

int json_field_bool(json_t *object, const char *key, const char *name, bool *value, struct err *err)
{
    json_t *found = json_field_get(object, key);
    if (found && !json_is_boolean(found))
        return err_set(err, "the event's %s is not a boolean", name);
    if (found)
        *value = json_is_true(found);
    return 0;
}

int json_field_need_string(json_t *object, const char *key, const char *name, struct str *value,
                           struct err *err)
{
    *value = (struct str){NULL, 0};
    if (json_field_string(object, key, name, value, err))
        return -1;
    return value->at ? 0 : err_set(err, "the event has no %s", name);
}
