#include "lambda/proxy_base.h"

#include "api/json_read.h"
#include "lambda/json_field.h"

/* The text of a field; empty where it is missing or not a string. */
static struct str field_text(const json_t *object, struct str key)
{
    return json_read_text(json_object_getn(object, key.at, key.len));
}

/* The pattern of the path that API Gateway has matched, such as "/calculator" or "/{proxy+}"; empty where
 * there is none. */
static struct str matched_pattern(const struct proxy_source *source)
{
    struct str pattern = field_text(source->json, str_of("resource"));
    if (proxy_shape_is_payload_2(source->shape)) {
        pattern = field_text(source->json, str_of("routeKey"));
        str_cut(&pattern, ' '); /* the method; "$default" has none */
    }
    return pattern.len > 0 && pattern.at[0] == '/' ? pattern : (struct str){NULL, 0};
}

/* Whether `path` ends with `end`. */
static bool has_end(struct str path, struct str end)
{
    return path.len >= end.len && str_eq((struct str){path.at + path.len - end.len, end.len}, end);
}

/* The value of the parameter at the end of a pattern, as "calculator" is that of "/tools/{proxy+}"; empty
 * where the pattern has another form. */
static struct str last_parameter(const struct proxy_source *source, struct str pattern)
{
    struct str name = pattern, none = {NULL, 0};
    str_cut(&name, '{');
    if (name.len < 2 || name.at[name.len - 1] != '}')
        return none;
    name.len -= name.at[name.len - 2] == '+' ? 2 : 1;
    return field_text(json_field_get(source->json, "pathParameters"), name);
}

/* Whether a base may end before `at`, an offset in `path` above 0. */
static bool is_base_end(struct str path, size_t at)
{
    return path.at[at] == '/' && path.at[at - 1] != '/';
}

/* The offset of the slash before `value` at the end of `path`; 0 where the path does not end so. */
static size_t find_value(struct str path, struct str value)
{
    bool is_end = value.len > 0 && value.len + 1 < path.len && has_end(path, value);
    size_t at = is_end ? path.len - value.len - 1 : 0;
    return at > 0 && is_base_end(path, at) ? at : 0;
}

/* Do the same for a value that may be percent-encoded, as the path was. */
static size_t find_encoded_value(struct str path, struct str value)
{
    struct buf decoded = {0};
    struct err ignored;
    size_t at = find_value(path, value);
    if (at == 0 && !url_decode(value, false, &decoded, &ignored))
        at = find_value(path, buf_str(&decoded));
    buf_free(&decoded);
    return at;
}

/* The largest offset in `path` that a base may end at; 0 where the event tells of no base. */
static size_t base_limit(const struct proxy_source *source, struct str path)
{
    struct str pattern = matched_pattern(source);
    bool is_literal = pattern.len > 0 && !memchr(pattern.at, '{', pattern.len);
    if (is_literal)
        return has_end(path, pattern) ? path.len - 1 : 0;
    return find_encoded_value(path, last_parameter(source, pattern));
}

/* Find the route of the longest end of `*path` that begins with a slash up to the offset `limit`. Sets
 * `*path` to it. */
static const struct route *find_end(const struct api *api, size_t limit, struct str *path)
{
    for (size_t at = 1; at <= limit; at++) {
        struct str end = {path->at + at, path->len - at};
        const struct route *route = is_base_end(*path, at) ? route_find(api, end) : NULL;
        if (!route)
            continue;
        *path = end;
        return route;
    }
    return NULL;
}

/* Cut the base off `*path`: what is left of it, or "/" where that is empty. Returns false where the path
 * does not begin with the base. */
static bool cut_base(struct str base, struct str *path)
{
    base = str_trim(base, "/");
    size_t len = base.len + 1;
    if (base.len == 0 || path->len < len || path->at[0] != '/' ||
        memcmp(path->at + 1, base.at, base.len) != 0 || (path->len > len && path->at[len] != '/'))
        return false;
    *path = path->len > len ? (struct str){path->at + len, path->len - len} : str_of("/");
    return true;
}

const struct route *proxy_base_find(const struct api *api, const struct proxy_source *source,
                                    struct str configured, struct str *path)
{
    size_t limit = base_limit(source, *path);
    const struct route *route = find_end(api, limit, path);
    if (route)
        return route;
    if (str_is(matched_pattern(source), "/")) /* the path is the base alone */
        *path = str_of("/");
    else if (!cut_base(configured, path) && limit > 0 && is_base_end(*path, limit))
        *path = (struct str){path->at + limit, path->len - limit};
    return route_find(api, *path);
}
