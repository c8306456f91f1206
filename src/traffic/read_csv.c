/*
 * Reads lines of a CSV file (RFC 4180) with a header. The separator is a comma, a semicolon or a tab.
 */
#include "traffic/format.h"
#include "traffic/number.h"
#include "traffic/request_field.h"
#include "traffic/stamp.h"

#include <stdio.h>

/* The names of columns, without regard to case. */
static const struct {
    const char *name;
    enum format_column column;
    int64_t unit_us; /* Of a duration. */
} columns[] = {
    {"time", COLUMN_TIME, 0},
    {"timestamp", COLUMN_TIME, 0},
    {"@timestamp", COLUMN_TIME, 0},
    {"datetime", COLUMN_TIME, 0},
    {"path", COLUMN_PATH, 0},
    {"url", COLUMN_PATH, 0},
    {"uri", COLUMN_PATH, 0},
    {"target", COLUMN_PATH, 0},
    {"status", COLUMN_STATUS, 0},
    {"bytes", COLUMN_BYTES, 0},
    {"size", COLUMN_BYTES, 0},
    {"duration", COLUMN_DURATION, 1000000},
    {"duration_s", COLUMN_DURATION, 1000000},
    {"seconds", COLUMN_DURATION, 1000000},
    {"duration_ms", COLUMN_DURATION, 1000},
    {"ms", COLUMN_DURATION, 1000},
    {"duration_us", COLUMN_DURATION, 1},
    {"us", COLUMN_DURATION, 1},
    {"agent", COLUMN_AGENT, 0},
    {"user_agent", COLUMN_AGENT, 0},
};

static void name_column(struct format_state *state, struct str name, int number)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        enum format_column column = columns[i].column;
        if (!str_is_nocase(name, columns[i].name) || state->columns[column])
            continue;
        state->columns[column] = number;
        if (column == COLUMN_DURATION) {
            state->duration_unit_us = columns[i].unit_us;
            state->duration_name = columns[i].name;
        }
    }
}

/* Remember the beginning of the header, since a file that was joined of several has it again. */
static void copy_header(struct format_state *state, struct str line)
{
    snprintf(state->header, sizeof state->header, "%.*s", (int)line.len, line.at);
}

static bool is_header(const struct format_state *state, struct str line)
{
    size_t n = strlen(state->header);
    return n > 0 && line.len >= n && !memcmp(line.at, state->header, n);
}

/* Read the header: a line that names a column of times. */
static const char *read_header(struct format_state *state, struct str line)
{
    static const char separators[] = ",;\t";
    for (const char *separator = separators; *separator; separator++) {
        memset(state->columns, 0, sizeof state->columns);
        if (csv_split(line, *separator, state->room, &state->fields) != CSV_OK)
            continue;
        for (size_t i = 0; i < state->fields.n; i++)
            name_column(state, state->fields.fields[i], (int)i + 1);
        if (!state->columns[COLUMN_TIME])
            continue;
        state->separator = *separator;
        copy_header(state, line);
        return NULL;
    }
    return "no CSV header with the column time";
}

static struct str find_field(const struct format_state *state, enum format_column column)
{
    size_t number = (size_t)state->columns[column];
    bool is_there = number > 0 && number <= state->fields.n;
    return is_there ? state->fields.fields[number - 1] : (struct str){"", 0};
}

static const char *read_fields(const struct format_state *state, struct record *record)
{
    struct stamp stamp;
    if (!stamp_read(find_field(state, COLUMN_TIME), &stamp))
        return "no time in the column of times";
    record->arrival_us = stamp.us;
    record->resolution_us = stamp.resolution_us;
    record->utc_offset_s = stamp.utc_offset_s;
    if (!number_status(find_field(state, COLUMN_STATUS), &record->status))
        return "no status in its column";
    if (!number_bytes(find_field(state, COLUMN_BYTES), &record->bytes))
        return "no number of bytes in its column";
    record->service_us =
        number_duration(find_field(state, COLUMN_DURATION), state->duration_unit_us);
    record->duration = record->service_us == RECORD_NONE ? NULL : state->duration_name;
    if (state->columns[COLUMN_PATH] &&
        !request_field_target(find_field(state, COLUMN_PATH), &record->path))
        record->skip = SKIP_NO_REQUEST;
    else if (request_field_is_health_check(find_field(state, COLUMN_AGENT)))
        record->skip = SKIP_HEALTH_CHECK;
    return NULL;
}

const char *format_read_csv(struct format_state *state, struct str line, struct record *record)
{
    bool is_new = !state->separator;
    const char *reason = is_new ? read_header(state, line) : NULL;
    if (reason)
        return reason;
    if (is_new || is_header(state, line)) {
        record->skip = SKIP_COMMENT;
        return NULL;
    }
    record->format = "CSV";
    if (csv_split(line, state->separator, state->room, &state->fields) != CSV_OK)
        return "no line of CSV";
    return read_fields(state, record);
}
