/*
 * Reads lines of the Common Log Format, and of formats that begin like it: combined, and API Gateway's.
 */
#include "traffic/format.h"
#include "traffic/number.h"
#include "traffic/request_field.h"
#include "traffic/stamp.h"
#include "traffic/unescape.h"

/* Cut the text before the closing quotation mark off the front of `*rest`, which stands behind the
 * opening one. */
static bool cut_quoted(struct str *rest, struct str *text)
{
    const char *begin = rest->at, *end = rest->at + rest->len, *at = begin;
    while (at < end && (at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        const char *slash = at;
        while (slash > begin && slash[-1] == '\\')
            slash--;
        if ((at - slash) % 2 == 0) {
            *text = (struct str){begin, (size_t)(at - begin)};
            *rest = (struct str){at + 1, (size_t)(end - at) - 1};
            return true;
        }
        at++;
    }
    return false;
}

/* Cut "[time]" off, and all that stands before it: host, log name and user, which may have blanks and
 * brackets. */
static bool cut_time(struct str *rest, struct stamp *stamp)
{
    const char *end = rest->at + rest->len, *at = rest->at;
    while ((at = memchr(at, '[', (size_t)(end - at))) != NULL) {
        at++;
        if (end - at > STAMP_CLF_SIZE && at[STAMP_CLF_SIZE] == ']' && stamp_read_clf(at, stamp)) {
            at += STAMP_CLF_SIZE + 1;
            *rest = (struct str){at, (size_t)(end - at)};
            return true;
        }
    }
    return false;
}

/* Find the format by what stands behind the number of bytes: referer and agent, IDs of API Gateway, or
 * nothing. HTTP APIs have one ID, and REST APIs have two. nginx and Apache write the same combined
 * lines, one at the end of a request, the other with the time of its start. */
static void find_format(struct str rest, struct record *record)
{
    record->stamp = RECORD_START;
    if (rest.len < 2) {
        record->format = "common (Apache)";
    } else if (rest.at[1] == '"') {
        record->format = "combined (nginx or Apache)";
        record->stamp = RECORD_START_OR_END;
    } else if (memchr(rest.at + 1, ' ', rest.len - 1)) {
        record->format = "API Gateway REST API, CLF";
    } else {
        record->format = "API Gateway HTTP API, CLF";
    }
}

/* Whether the user agent, behind the referer, sends health checks. */
static bool is_health_check(struct str rest)
{
    struct str referer;
    if (rest.len < 2 || rest.at[1] != '"')
        return false;
    rest = (struct str){rest.at + 2, rest.len - 2};
    if (!cut_quoted(&rest, &referer) || rest.len < 2)
        return false;
    return request_field_is_health_check((struct str){rest.at + 2, rest.len - 2});
}

/* Read what stands behind the request: status, bytes and the rest. */
static const char *read_end(struct str rest, struct record *record)
{
    if (rest.len == 0 || rest.at[0] != ' ')
        return "no status behind the request";
    rest = (struct str){rest.at + 1, rest.len - 1};
    struct str status = str_cut(&rest, ' ');
    if (status.len == 0 || !number_status(status, &record->status))
        return "no status behind the request";
    const char *blank = rest.len > 0 ? memchr(rest.at, ' ', rest.len) : NULL;
    size_t n = blank ? (size_t)(blank - rest.at) : rest.len;
    if (n == 0 || !number_bytes((struct str){rest.at, n}, &record->bytes))
        return "no number of bytes behind the status";
    if (record->bytes == RECORD_NONE)
        record->bytes = 0;
    rest = (struct str){rest.at + n, rest.len - n};
    find_format(rest, record);
    if (!record->skip && is_health_check(rest))
        record->skip = SKIP_HEALTH_CHECK;
    return NULL;
}

const char *format_read_clf(struct format_state *state, struct str line, struct record *record)
{
    struct stamp stamp;
    struct str request;
    if (!cut_time(&line, &stamp))
        return "no time in brackets";
    record->arrival_us = stamp.us;
    record->utc_offset_s = stamp.utc_offset_s;
    if (line.len < 2 || line.at[0] != ' ' || line.at[1] != '"')
        return "no request in quotation marks";
    line = (struct str){line.at + 2, line.len - 2};
    if (!cut_quoted(&line, &request))
        return "no end of the request";
    if (!request_field_path(unescape(request, state->room), &record->path))
        record->skip = SKIP_NO_REQUEST;
    return read_end(line, record);
}
