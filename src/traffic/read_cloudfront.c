/*
 * Reads lines of CloudFront's standard log, version 1, whose fields are separated by tabs and named by a
 * header.
 */
#include "traffic/format.h"
#include "traffic/number.h"
#include "traffic/request_field.h"
#include "traffic/stamp.h"

static const struct {
    const char *name;
    enum format_column column;
    int usual; /* The number of the column without a header. */
} columns[] = {
    {"date", COLUMN_DATE, 1},
    {"time", COLUMN_TIME, 2},
    {"sc-bytes", COLUMN_BYTES, 4},
    {"cs-uri-stem", COLUMN_PATH, 8},
    {"sc-status", COLUMN_STATUS, 9},
    {"cs(User-Agent)", COLUMN_AGENT, 11},
    {"x-edge-result-type", COLUMN_RESULT, 14},
    {"time-taken", COLUMN_DURATION, 19},
};

#define KNOWN_COLUMNS (sizeof columns / sizeof *columns)

static void set_column(struct format_state *state, enum format_column column, int number)
{
    state->columns[column] = number;
    if (number > state->last_column)
        state->last_column = number;
}

/* Take the columns as a file without a header has them: the second part of a file that was split. */
static void set_usual_columns(struct format_state *state)
{
    for (size_t i = 0; i < KNOWN_COLUMNS; i++)
        set_column(state, columns[i].column, columns[i].usual);
    state->separator = '\t';
}

/* Read the header, if it is the one that names the columns. */
static void read_header(struct format_state *state, struct str line)
{
    if (!str_is(str_cut(&line, ' '), "#Fields:"))
        return;
    memset(state->columns, 0, sizeof state->columns);
    state->last_column = 0;
    state->separator = '\t';
    for (int number = 1; line.len > 0; number++) {
        struct str name = str_cut(&line, ' ');
        for (size_t i = 0; i < KNOWN_COLUMNS; i++) {
            if (str_is(name, columns[i].name))
                set_column(state, columns[i].column, number);
        }
    }
}

/* Why a request did not reach the origin, by how the cache answered; NULL: it did. */
static const char *find_skip(struct str result)
{
    if (str_is(result, "Hit") || str_is(result, "OriginShieldHit"))
        return SKIP_CACHE_HIT;
    if (str_is(result, "Redirect") || str_is(result, "LimitExceeded") ||
        str_is(result, "CapacityExceeded"))
        return SKIP_CLOUDFRONT;
    return NULL;
}

/* Read the time of the end, and subtract the duration. */
static bool read_arrival(const struct str *found, struct record *record)
{
    struct stamp stamp;
    if (!stamp_read_date(found[COLUMN_DATE], found[COLUMN_TIME], &stamp))
        return false;
    record->service_us = number_duration(found[COLUMN_DURATION], 1000000);
    record->arrival_us = stamp.us;
    record->stamp = RECORD_END;
    if (record->service_us != RECORD_NONE) {
        record->duration = "time-taken";
        record_subtract(record, record->service_us);
    }
    return true;
}

/* Split a line into the columns that are known. Returns false where it has too few. */
static bool split(const struct format_state *state, struct str line, struct str *found)
{
    for (int number = 1; number <= state->last_column; number++) {
        if (line.len == 0)
            return false;
        struct str field = str_cut(&line, '\t');
        for (size_t i = 0; i < COLUMNS; i++) {
            if (state->columns[i] == number)
                found[i] = field;
        }
    }
    return true;
}

const char *format_read_cloudfront(struct format_state *state, struct str line,
                                   struct record *record)
{
    struct str found[COLUMNS] = {0};
    if (line.len > 0 && line.at[0] == '#') {
        read_header(state, line);
        record->skip = SKIP_COMMENT;
        return NULL;
    }
    if (!state->separator)
        set_usual_columns(state);
    if (!split(state, line, found))
        return "too few fields for a line of CloudFront";
    if (!read_arrival(found, record))
        return "no date and time in the line of CloudFront";
    if (!number_status(found[COLUMN_STATUS], &record->status))
        record->status = 0; /* 000: the client was gone */
    if (!number_bytes(found[COLUMN_BYTES], &record->bytes))
        return "no number of bytes in the line of CloudFront";
    record->format = "CloudFront";
    record->skip = find_skip(found[COLUMN_RESULT]);
    if (!record->skip && !request_field_target(found[COLUMN_PATH], &record->path))
        record->skip = SKIP_NO_REQUEST;
    if (!record->skip && request_field_is_health_check(found[COLUMN_AGENT]))
        record->skip = SKIP_HEALTH_CHECK;
    return NULL;
}
