#include "lambda/proxy_query.h"

#include "api/number.h"
#include "lambda/json_field.h"

#define SINGLE "queryStringParameters"
#define MULTI  "multiValueQueryStringParameters"

/* Bytes that number_print() writes at most. */
#define NUMBER_ROOM 32

static void refuse_long(struct proxy_event *event)
{
    event->fault = (struct proxy_fault){414, "URI too long"};
}

/* Refuse the query with the reason that is in source->fault. */
static void refuse_bad(struct proxy_source *source, struct proxy_event *event)
{
    event->fault = (struct proxy_fault){400, source->fault.text};
}

/* Parse a query string as it was sent. */
static void parse(struct proxy_source *source, struct proxy_event *event, struct str raw)
{
    if (raw.len > PROXY_MAX_QUERY)
        refuse_long(event);
    else if (url_parse_query(&source->params, raw, &source->fault))
        refuse_bad(source, event);
}

/* The map to read, or NULL. */
static int find_map(struct proxy_source *source, json_t **map, struct err *err)
{
    json_t *multi = NULL;
    *map = NULL;
    if (json_field_object(source->json, SINGLE, SINGLE, map, err) ||
        json_field_object(source->json, MULTI, MULTI, &multi, err))
        return -1;
    if (json_object_size(multi) > 0)
        *map = multi;
    return 0;
}

/* The value at place `i` of a map's entry, which is one value or an array of them; NULL past the
 * last. */
static json_t *nth_value(json_t *entry, size_t i)
{
    return json_is_array(entry) ? json_array_get(entry, i) : i == 0 ? entry : NULL;
}

/* Takes one parameter; returns whether it wants another one. */
typedef bool take_param(struct proxy_source *source, struct str name, struct str value);

/* Hand the parameters of a map to `take`. Returns 0, or -1 with a reason where a value has a wrong
 * type. */
static int each_param(struct proxy_source *source, json_t *map, take_param *take, struct err *err)
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
                !take(source, (struct str){key, len}, json_field_text(value)))
                return 0;
        }
    }
    return 0;
}

/* How long a text is in a query string at least: what a browser encodes there takes three bytes. */
static size_t encoded_length(struct str text)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        len += c < ' ' || c > '~' || strchr("\"#%&'+<>", c) ? 3 : 1;
    }
    return len;
}

/* Add what "&name=value", or "&name", takes. */
static bool measure(struct proxy_source *source, struct str name, struct str value)
{
    source->query_length += source->query_length > 0 ? 1 : 0;
    source->query_length += encoded_length(name);
    source->query_length += value.len > 0 ? 1 + encoded_length(value) : 0;
    return source->query_length <= PROXY_MAX_QUERY;
}

static bool add(struct proxy_source *source, struct str name, struct str value)
{
    return !url_add_param(&source->params, name, value, &source->fault);
}

int proxy_query_decoded(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    json_t *map;
    source->query_length = 0;
    if (find_map(source, &map, err) || each_param(source, map, measure, err))
        return -1;
    if (source->query_length > PROXY_MAX_QUERY) {
        refuse_long(event);
        return 0;
    }
    if (each_param(source, map, add, err))
        return -1;
    if (*source->fault.text)
        refuse_bad(source, event);
    return 0;
}

/* Put a parameter into the query string that is made anew. */
static bool join(struct proxy_source *source, struct str name, struct str value)
{
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
    if (find_map(source, &map, err) || each_param(source, map, join, err))
        return -1;
    if (source->query.failed)
        return err_set(err, "out of memory for a query");
    parse(source, event, buf_str(&source->query));
    return 0;
}

int proxy_query_raw(struct proxy_source *source, struct proxy_event *event, struct err *err)
{
    struct str raw = {NULL, 0};
    if (json_field_string(source->json, "rawQueryString", "rawQueryString", &raw, err))
        return -1;
    if (raw.len == 0) /* some senders give the map only */
        return proxy_query_decoded(source, event, err);
    parse(source, event, raw);
    return 0;
}

/* A value of a bare event as text; false where it has none. Numbers are written into source->query,
 * where there is room already. */
static bool bare_text(struct proxy_source *source, const json_t *value, struct str *text)
{
    if (json_is_string(value)) {
        *text = json_field_text(value);
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
        out->len -= 2; /* all numbers of an event are read as doubles: 3 must not become 3.0 */
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
        if (!add(source, (struct str){key, len}, text)) {
            refuse_bad(source, event);
            return 0;
        }
    }
    return 0;
}
