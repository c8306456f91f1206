/*
 * format: the formats of access logs, and which of them a log has.
 */
#ifndef TRAFFIC_FORMAT_H
#define TRAFFIC_FORMAT_H

#include "lexicon/csv.h"
#include "traffic/record.h"

/* The most bytes of a line, without its end. */
#define FORMAT_LINE_SIZE 65536

/* The columns of formats whose header names them. */
enum format_column {
    COLUMN_TIME, /* The whole time stamp, or that behind COLUMN_DATE. */
    COLUMN_DATE,
    COLUMN_PATH,
    COLUMN_STATUS,
    COLUMN_BYTES,
    COLUMN_DURATION,
    COLUMN_AGENT,
    COLUMN_RESULT, /* How CloudFront's cache answered. */
    COLUMNS,
};

/* What a reader keeps from one line to the next. A zeroed struct is that of a new log. */
struct format_state {
    int columns[COLUMNS];        /* The index of each column, from 1 on; 0: there is none. */
    int last_column;             /* The greatest of these. */
    char separator;              /* What separates columns; 0 before a header was read. */
    int64_t duration_unit_us;    /* The microseconds in one unit of the durations. */
    const char *duration_name;   /* The name of the column of durations, static. */
    char header[256];            /* The beginning of the header of a CSV file. */
    struct csv_record fields;    /* The fields of a line. */
    char room[FORMAT_LINE_SIZE]; /* The text of decoded fields. */
};

/* Read a line, which has no line end and at most FORMAT_LINE_SIZE bytes. `*record` has the values of a
 * line that says nothing. Returns NULL, or the reason why the line cannot be read, static. */
typedef const char *format_reader(struct format_state *state, struct str line,
                                  struct record *record);

/* One reader for each family of formats. */
format_reader format_read_alb, format_read_clf, format_read_cloudfront, format_read_csv,
    format_read_json;

/* A format, as the first lines of a log have it. */
struct format {
    const char *name;    /* The name, static. */
    format_reader *read; /* The reader of its family. */
};

/* Read a line by a reader, from a fresh record. Returns what the reader does. */
const char *format_read(format_reader *read, struct format_state *state, struct str line,
                        struct record *record);

/* Find the format that most of the first lines of a log have. `text` begins with the first line, and
 * has as many whole lines as the caller has read. Uses `state`, and leaves it zeroed. Returns false
 * where no line has a known format. */
bool format_find(struct str text, struct format_state *state, struct format *format);

/* The names of all formats, for a message. */
#define FORMAT_NAMES                                                                               \
    "combined and common (nginx, Apache), JSON of nginx and of serverful pool --access-log, ALB, " \
    "API Gateway (CLF and JSON), CloudFront, CSV with a header that names the column time"

#endif
