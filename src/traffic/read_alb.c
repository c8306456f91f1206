/*
 * Reads lines of an Application Load Balancer. Fields behind those that are known are ignored: AWS appends
 * new ones.
 */
#include "traffic/format.h"
#include "traffic/number.h"
#include "traffic/request_field.h"
#include "traffic/stamp.h"
#include "traffic/unescape.h"

/* The fields by their numbers in AWS's documentation, less one. */
enum {
    ALB_TYPE,
    ALB_TIME,
    ALB_REQUEST_TIME = 5,
    ALB_TARGET_TIME,
    ALB_RESPONSE_TIME,
    ALB_STATUS,
    ALB_BYTES = 11,
    ALB_REQUEST,
    ALB_AGENT,
    ALB_CREATION = 21,
    ALB_FIELDS
};

/* Cut a field off the front: a word, or a text in quotation marks. Returns false where there is none. */
static bool cut_field(struct str *rest, struct str *field)
{
    if (rest->len == 0)
        return false;
    if (rest->at[0] != '"') {
        *field = str_cut(rest, ' ');
        return true;
    }
    size_t i = 1;
    while (i < rest->len && rest->at[i] != '"')
        i += rest->at[i] == '\\' ? 2 : 1;
    if (i >= rest->len)
        return false;
    *field = (struct str){rest->at + 1, i - 1};
    i += i + 1 < rest->len ? 2 : 1;
    *rest = (struct str){rest->at + i, rest->len - i};
    return true;
}

/* Whether the first field is a type of requests. */
static bool is_type(struct str text)
{
    static const char *const types[] = {"http", "https", "h2", "grpcs", "ws", "wss"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_is(text, types[i]))
            return true;
    }
    return false;
}

/* Read the arrival: the time of creation, or, in lines of before 2018, the time of the end without the
 * durations. */
static bool read_arrival(const struct str *fields, int n, struct record *record)
{
    struct stamp stamp;
    bool has_creation = n > ALB_CREATION;
    if (!stamp_read(fields[has_creation ? ALB_CREATION : ALB_TIME], &stamp))
        return false;
    record->arrival_us = stamp.us;
    record->resolution_us = stamp.resolution_us;
    record->stamp = RECORD_START;
    int64_t whole = 0;
    for (int i = ALB_REQUEST_TIME; i <= ALB_RESPONSE_TIME; i++) {
        int64_t us = number_duration(fields[i], 1000000);
        whole += us == RECORD_NONE ? 0 : us;
    }
    if (!has_creation)
        record_subtract(record, whole);
    return true;
}

const char *format_read_alb(struct format_state *state, struct str line, struct record *record)
{
    struct str fields[ALB_FIELDS];
    int n = 0;
    while (n < ALB_FIELDS && cut_field(&line, &fields[n]))
        n++;
    if (n <= ALB_AGENT || !is_type(fields[ALB_TYPE]))
        return "too few fields for a line of ALB";
    if (!read_arrival(fields, n, record))
        return "no time in the line of ALB";
    if (!number_status(fields[ALB_STATUS], &record->status) ||
        !number_bytes(fields[ALB_BYTES], &record->bytes))
        return "no status or no number of bytes in the line of ALB";
    record->format = "ALB";
    record->service_us = number_duration(fields[ALB_TARGET_TIME], 1000000);
    record->duration = record->service_us == RECORD_NONE ? NULL : "target_processing_time";
    if (!request_field_path(unescape(fields[ALB_REQUEST], state->room), &record->path))
        record->skip = SKIP_NO_REQUEST;
    else if (request_field_is_health_check(fields[ALB_AGENT]))
        record->skip = SKIP_HEALTH_CHECK;
    return NULL;
}
