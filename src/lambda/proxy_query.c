#include "lambda/proxy_query.h"

#include "api/json_read.h"
#include "api/number.h"
#include "lambda/json_field.h"

#define SINGLE  "queryStringParameters"
#define MULTI   "multiValueQueryStringParameters"
#define LATTICE "query_string_parameters" /* of the event structure V1 */

/* The most bytes that number_print() writes. */
#define NUMBER_ROOM 32

/* Parse a percent-encoded query string. */
static void parse_query(struct proxy_source *source, struct proxy_event *event, struct str raw)
{
    struct err ignored;
    if (raw.len > PROXY_MAX_QUERY)
        event->fault = REFUSE_LONG_QUERY;
    else
        event->fault = refusal_of_url(url_parse_query(&source->params, raw, &ignored));
}

/* Set `*map` to the map to read, or to NULL if there is none. Returns 0 or -1 with a reason. */
static int find_map(struct proxy_source *source, json_t **map, struct err *err)
{
    json_t *multi = NULL;
    const char *single = source->shape == PROXY_LATTICE_1 ? LATTICE : SINGLE;
    *map = NULL;
    if (json_field_object(source->json, single, single, map, err) ||
        json_field_object(source->json, MULTI, MULTI, &multi, err))
        return -1;
    if (json_object_size(multi) > 0)
        *map = multi;
    return 0;
}

/* Value `i` of a map's entry, which is one value or an array of values; NULL past the last one. */
static json_t *nth_value(json_t *entry, size_t i)
{
    return json_is_array(entry) ? json_array_get(entry, i) : i == 0 ? entry : NULL;
}

/* Receives one parameter, and the `arg` of for_each_param(). Returns whether to go on. */
typedef bool param_visit(struct proxy_source *source, struct str name, struct str value, void *arg);

/* Call `visit` for each parameter of a map. Returns 0, or -1 with a reason where a value is neither
 * a string nor null. */
static int for_each_param(struct proxy_source *source, json_t *map, param_visit *visit, void *arg,
                          struct err *err)
{
    const char *key;
    size_t len;
    json_t *entry, *value;
    json_object_keylen_foreach(map, key, len, entry)
    {
        for (size_t i = 0; (value = nth_value(entry, i)); i++) {
            if (!json_is_string(value) && !json_is_null(value))
                return err_set(err, "a value of the event's query parameters is not a string");
            if (json_is_string(value) &&
                !visit(source, (struct str){key, len}, json_read_text(value), arg))
                return 0;
        }
    }
    return 0;
}

/* The least length of a text in a query string: browsers percent-encode these characters, which
 * takes three bytes. */
static size_t encoded_length(struct str text)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        len += c < ' ' || c > '~' || strchr("\"#%&'+<>", c) ? 3 : 1;
    }
    return len;
}

/* Add the bytes of "&name=value", or "&name", to the size_t at `arg`. */
static bool measure_param(struct proxy_source *source, struct str name, struct str value, void *arg)
{
    (void)source;
    size_t *length = arg;
    *length += *length > 0 ? 1 : 0;
    *length += encoded_length(name);
    *length += value.len > 0 ? 1 + encoded_length(value) : 0;
    return *length <= PROXY_MAX_QUERY;
}

/* Add a parameter; where that fails, set the `enum refusal` at `arg`. */
static bool add_param(struct proxy_source *source, struct str name, struct str value, void *arg)
{
    struct err ignored;
    enum refusal *fault = arg;
    *fault = refusal_of_url(url_add_param(&source->params, name, value, &ignored));
    return !*fault;
}

int proxy_query_decoded(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    json_t *map;
    size_t length = 0;
    if (find_map(source, &map, err) || for_each_param(source, map, measure_param, &length, err))
        return -1;
    if (length > PROXY_MAX_QUERY) {
        event->fault = REFUSE_LONG_QUERY;
        return 0;
    }
    return for_each_param(source, map, add_param, &event->fault, err);
}

/* Append a parameter to the query string in source->query. */
static bool append_param(struct proxy_source *source, struct str name, struct str value, void *arg)
{
    (void)arg;
    if (source->query.len > 0)
        buf_add_char(&source->query, '&');
    buf_add_str(&source->query, name);
    if (value.len > 0)
        buf_add_char(&source->query, '=');
    buf_add_str(&source->query, value);
    return true;
}

int proxy_query_encoded(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    json_t *map;
    if (find_map(source, &map, err) || for_each_param(source, map, append_param, NULL, err))
        return -1;
    if (source->query.failed)
        return err_set(err, "out of memory for a query");
    parse_query(source, event, buf_str(&source->query));
    return 0;
}

int proxy_query_lattice(struct proxy_source *source, struct str raw, struct proxy_event *event,
                        struct err *err)
{
    if (raw.len == 0)
        return proxy_query_encoded(source, event, err);
    parse_query(source, event, raw);
    return 0;
}

int proxy_query_raw(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    struct str raw = {NULL, 0};
    if (json_field_string(source->json, "rawQueryString", "rawQueryString", &raw, err))
        return -1;
    if (raw.len == 0) /* some senders give only the map */
        return proxy_query_decoded(source, event, err);
    parse_query(source, event, raw);
    return 0;
}

/* Set `*text` to a value of a bare event, and return whether the value can be a parameter. Numbers
 * are written into source->query, in which the caller has reserved room. */
static bool bare_text(struct proxy_source *source, const json_t *value, struct str *text)
{
    if (json_is_string(value)) {
        *text = json_read_text(value);
        return true;
    }
    if (json_is_boolean(value)) {
        *text = str_of(json_is_true(value) ? "1" : "0");
        return true;
    }
    struct buf *out = &source->query;
    size_t begin = out->len;
    number_print(out, json_number_value(value));
    if (out->len - begin > 2 && !memcmp(out->at + out->len - 2, ".0", 2))
        out->len -= 2; /* the JSON number 3 was read as a double, and must not become 3.0 */
    *text = (struct str){out->at + begin, out->len - begin};
    return json_is_number(value);
}

int proxy_query_bare(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    const char *key;
    size_t len;
    json_t *value;
    if (!buf_reserve(&source->query, json_object_size(source->json) * NUMBER_ROOM))
        return err_set(err, "out of memory for a query");
    json_object_keylen_foreach(source->json, key, len, value)
    {
        struct str text;
        if (json_is_null(value))
            continue;
        if (!bare_text(source, value, &text))
            return err_set(err, "a value of the event is neither a string nor a number");
        if (!add_param(source, (struct str){key, len}, text, &event->fault))
            return 0;
    }
    return 0;
}
