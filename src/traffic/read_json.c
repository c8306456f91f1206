/*
 * Reads lines of JSON: those of nginx, whose names are free, of serverful pool --access-log, and of API
 * Gateway.
 */
#include "traffic/format.h"
#include "traffic/json_pairs.h"
#include "traffic/number.h"
#include "traffic/request_field.h"
#include "traffic/stamp.h"
#include "traffic/unescape.h"

/* What the value of a name means. Where several are in a line, the first one of a kind counts. */
enum field {
    FIELD_EPOCH_START, /* API Gateway's time of the start, in milliseconds. */
    FIELD_TIME_START,  /* The same, in the Common Log Format. */
    FIELD_TIME_EXACT,  /* nginx's time of the end, with milliseconds. */
    FIELD_TIME,        /* The time of the end. */
    FIELD_REQUEST,     /* Method, target and version. */
    FIELD_TARGET,
    FIELD_RESOURCE, /* The path of a REST API, with names in braces. */
    FIELD_ROUTE,    /* Method and path of an HTTP API. */
    FIELD_STATUS,
    FIELD_BYTES,
    FIELD_UPSTREAM_S,  /* The time that the service took, in seconds. */
    FIELD_REQUEST_S,   /* The time that the request took, in seconds. */
    FIELD_MS,          /* The time that the pool took, in milliseconds. */
    FIELD_BACKEND_MS,  /* The time that the function took, in milliseconds. */
    FIELD_RESPONSE_MS, /* The time that API Gateway took, in milliseconds. */
    FIELD_AGENT,
    FIELDS,
};

/* Versions of clang-format break this line differently. */
/* clang-format off */
#define NAME(name, field) {{name, sizeof name - 1}, field}
/* clang-format on */

static const struct name {
    struct str name;
    enum field field;
} names[] = {
    NAME("time", FIELD_TIME),
    NAME("time_iso8601", FIELD_TIME),
    NAME("time_local", FIELD_TIME),
    NAME("timestamp", FIELD_TIME),
    NAME("@timestamp", FIELD_TIME),
    NAME("ts", FIELD_TIME),
    NAME("msec", FIELD_TIME_EXACT),
    NAME("requestTime", FIELD_TIME_START),
    NAME("requestTimeEpoch", FIELD_EPOCH_START),
    NAME("request", FIELD_REQUEST),
    NAME("path", FIELD_TARGET),
    NAME("uri", FIELD_TARGET),
    NAME("request_uri", FIELD_TARGET),
    NAME("url", FIELD_TARGET),
    NAME("resourcePath", FIELD_RESOURCE),
    NAME("routeKey", FIELD_ROUTE),
    NAME("status", FIELD_STATUS),
    NAME("response", FIELD_STATUS),
    NAME("bytes", FIELD_BYTES),
    NAME("body_bytes_sent", FIELD_BYTES),
    NAME("bytes_sent", FIELD_BYTES),
    NAME("size", FIELD_BYTES),
    NAME("responseLength", FIELD_BYTES),
    NAME("upstream_response_time", FIELD_UPSTREAM_S),
    NAME("upstream_time", FIELD_UPSTREAM_S),
    NAME("urt", FIELD_UPSTREAM_S),
    NAME("request_time", FIELD_REQUEST_S),
    NAME("rt", FIELD_REQUEST_S),
    NAME("ms", FIELD_MS),
    NAME("integrationLatency", FIELD_BACKEND_MS),
    NAME("responseLatency", FIELD_RESPONSE_MS),
    NAME("ua", FIELD_AGENT),
    NAME("agent", FIELD_AGENT),
    NAME("user_agent", FIELD_AGENT),
    NAME("http_user_agent", FIELD_AGENT),
    NAME("userAgent", FIELD_AGENT),
};

/* The fields of a line; a field that is missing or has no value has no bytes. */
struct fields {
    struct str at[FIELDS];
};

static void keep_field(struct fields *fields, const struct json_pair *pair)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_eq(pair->name, names[i].name))
            continue;
        struct str *field = &fields->at[names[i].field];
        if (field->len == 0 && (pair->is_string || !str_is(pair->value, "null")))
            *field = pair->value;
        return;
    }
}

static const char *read_pairs(struct str line, struct fields *fields)
{
    struct json_pairs pairs;
    struct json_pair pair;
    int got = json_pairs_begin(&pairs, line) ? 1 : -1;
    while (got > 0 && (got = json_pairs_next(&pairs, &pair)) > 0)
        keep_field(fields, &pair);
    return got < 0 ? "no JSON object" : NULL;
}

/* Read the first time of the line. */
static bool read_time(const struct fields *fields, struct record *record)
{
    struct stamp stamp;
    enum field kind = FIELD_EPOCH_START;
    while (kind < FIELD_TIME && fields->at[kind].len == 0)
        kind++;
    if (!stamp_read(fields->at[kind], &stamp))
        return false;
    record->arrival_us = stamp.us;
    record->resolution_us = stamp.resolution_us;
    record->utc_offset_s = stamp.utc_offset_s;
    record->stamp = kind >= FIELD_TIME_EXACT ? RECORD_END : RECORD_START;
    return true;
}

/* Read the durations: that of the service, and that of the whole request, by which a time of the end
 * becomes one of the start. */
static void read_durations(const struct fields *fields, struct record *record)
{
    static const struct {
        enum field field;
        int64_t unit_us;
        const char *name;
    } kinds[] = {
        {FIELD_UPSTREAM_S, 1000000, "upstream_response_time"},
        {FIELD_BACKEND_MS, 1000, "integrationLatency"},
        {FIELD_MS, 1000, "ms"},
        {FIELD_REQUEST_S, 1000000, "request_time"},
        {FIELD_RESPONSE_MS, 1000, "responseLatency"},
    };
    int64_t whole = RECORD_NONE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int64_t us = number_duration(fields->at[kinds[i].field], kinds[i].unit_us);
        if (us != RECORD_NONE && record->service_us == RECORD_NONE) {
            record->service_us = us;
            record->duration = kinds[i].name;
        }
        whole = us == RECORD_NONE ? whole : us;
    }
    if (record->stamp == RECORD_END && whole != RECORD_NONE)
        record_subtract(record, whole);
}

/* Find the path in the first field that has it. Returns false where the line has such a field, but no
 * path in it. */
static bool read_path(const struct fields *fields, char *room, struct record *record)
{
    enum field kind = FIELD_REQUEST;
    while (kind < FIELD_ROUTE && fields->at[kind].len == 0)
        kind++;
    struct str text = unescape(fields->at[kind], room);
    if (kind == FIELD_TARGET || kind == FIELD_RESOURCE || (text.len > 0 && text.at[0] == '$'))
        return request_field_target(text, &record->path);
    return request_field_path(text, &record->path);
}

static const char *find_format(const struct fields *fields)
{
    if (fields->at[FIELD_MS].len > 0)
        return "serverful pool --access-log";
    if (fields->at[FIELD_ROUTE].len > 0)
        return "API Gateway HTTP API, JSON";
    if (fields->at[FIELD_RESOURCE].len > 0)
        return "API Gateway REST API, JSON";
    if (fields->at[FIELD_TIME_START].len > 0 || fields->at[FIELD_EPOCH_START].len > 0)
        return "API Gateway, JSON";
    return "JSON (nginx)";
}

const char *format_read_json(struct format_state *state, struct str line, struct record *record)
{
    struct fields fields = {0};
    const char *reason = read_pairs(line, &fields);
    if (reason)
        return reason;
    if (!read_time(&fields, record))
        return "no time in the JSON object";
    if (!number_status(fields.at[FIELD_STATUS], &record->status))
        return "no status in the JSON object";
    if (!number_bytes(fields.at[FIELD_BYTES], &record->bytes))
        return "no number of bytes in the JSON object";
    read_durations(&fields, record);
    record->format = find_format(&fields);
    if (!read_path(&fields, state->room, record))
        record->skip = SKIP_NO_REQUEST;
    else if (request_field_is_health_check(fields.at[FIELD_AGENT]))
        record->skip = SKIP_HEALTH_CHECK;
    return NULL;
}
