/*
 * log_file: reads an access log line by line: a file, or the standard input, which gzip may have
 * compressed. A compressed file may have several members, as nginx writes them.
 */
#ifndef TRAFFIC_LOG_FILE_H
#define TRAFFIC_LOG_FILE_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

struct log_file;

/* Open a file; "-" is the standard input. `path` is borrowed. Returns NULL with a reason on failure;
 * the caller closes the file. */
struct log_file *log_file_open(const char *path, struct err *err);

/* Close the file. NULL is allowed. */
void log_file_close(struct log_file *file);

/* Read the beginning of the file, without moving on: `*text` has whole lines, unless the first line is
 * longer than its room. Call it before log_file_next(). Returns 0 or -1 with a reason. */
int log_file_peek(struct log_file *file, struct str *text, struct err *err);

/*
 * Read the next line, without its end (LF or CR LF) and without a byte order mark in front. The line is
 * valid until the next call. `*is_too_long` says whether it has more than FORMAT_LINE_SIZE bytes; `*line`
 * is then its beginning. Returns 1, 0 at the end of the file, or -1 with a reason.
 */
int log_file_next(struct log_file *file, struct str *line, bool *is_too_long, struct err *err);

#endif
