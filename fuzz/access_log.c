/*
 * access_log: fuzzes the readers of access logs. The input is a log file, which gzip may have compressed.
 * Its format is found, and each of its lines is read by the reader of each format. What a record says must
 * be within its ranges, and its path within the line or the room of the reader. The name of its endpoint
 * is plain ASCII, and the same path has the same endpoint.
 */
#include "fuzz/fuzz.h"
#include "traffic/endpoints.h"
#include "traffic/format.h"
#include "traffic/histogram.h"
#include "traffic/log_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define END_US INT64_C(253402300801000000) /* Half a second or more behind the last time stamp. */

static format_reader *const readers[] = {format_read_alb, format_read_clf, format_read_cloudfront,
                                         format_read_csv, format_read_json};

#define READERS (sizeof readers / sizeof *readers)

static bool is_within(struct str part, struct str whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void check_number(int64_t number)
{
    HOLDS(number >= RECORD_NONE);
    if (number == RECORD_NONE)
        return;
    int bucket = histogram_bucket(number);
    HOLDS(bucket >= 0 && bucket < HISTOGRAM_BUCKETS);
    HOLDS(histogram_low(bucket) <= number && number <= histogram_high(bucket));
}

static void check_endpoint(struct endpoints *endpoints, struct str path)
{
    int endpoint = endpoints_find(endpoints, path);
    HOLDS(endpoint >= ENDPOINTS_STATIC && endpoint < endpoints_count(endpoints));
    HOLDS(endpoints_find(endpoints, path) == endpoint);
    for (const char *at = endpoint < 0 ? "" : endpoints_name(endpoints, endpoint); *at; at++)
        HOLDS(*at >= ' ' && *at <= '~');
}

static void check_record(const struct record *record, struct str line,
                         const struct format_state *state, struct endpoints *endpoints)
{
    struct str room = {state->room, sizeof state->room};
    HOLDS(record->status == 0 || (record->status >= 100 && record->status <= 999));
    HOLDS(record->arrival_us < END_US);
    check_number(record->bytes);
    check_number(record->service_us);
    if (record->skip)
        return;
    HOLDS(record->format);
    HOLDS(record->path.len > 0);
    HOLDS(str_is(record->path, "/") || is_within(record->path, line) ||
          is_within(record->path, room));
    check_endpoint(endpoints, record->path);
}

/* Read the lines by all readers. */
static void check_lines(struct log_file *file, struct format_state *states,
                        struct endpoints *endpoints)
{
    struct str line;
    struct err err;
    struct record record;
    bool is_too_long;
    while (log_file_next(file, &line, &is_too_long, &err) > 0) {
        HOLDS(line.len <= FORMAT_LINE_SIZE);
        for (size_t i = 0; i < READERS; i++) {
            if (!format_read(readers[i], &states[i], line, &record))
                check_record(&record, line, &states[i], endpoints);
        }
    }
}

/* Write the text to a file in memory, and its path to `path`. */
static void write_file(struct str text, char path[64])
{
    static int fd = -1;
    fd = fd < 0 ? memfd_create("log", MFD_CLOEXEC) : fd;
    HOLDS(fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, text.at, text.len, 0) == (ssize_t)text.len);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct format_state states[READERS];
    struct endpoints *endpoints = endpoints_new();
    struct format format;
    struct str text;
    struct err err;
    char path[64];
    HOLDS(endpoints && !endpoints_add(endpoints, "*/segment", "segment") &&
          !endpoints_add(endpoints, "*.css", NULL) &&
          !endpoints_add(endpoints, "/a?[b-d]*", "glob"));
    write_file(fuzz_text(data, size), path);
    struct log_file *file = log_file_open(path, &err);
    HOLDS(file);
    if (!log_file_peek(file, &text, &err) && text.len > 0) {
        bool is_found = format_find(text, &states[0], &format);
        HOLDS(!is_found || (format.name && format.read));
    }
    for (size_t i = 0; i < READERS; i++) {
        memset(&states[i], 0, offsetof(struct format_state, room));
    }
    check_lines(file, states, endpoints);
    log_file_close(file);
    endpoints_free(endpoints);
    return 0;
}
