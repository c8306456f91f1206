/*
 * line_file: reads a text file of people line by line, whatever program has written it.
 *
 * - A line ends with LF or CR LF. Where the first line of the file ends with a lone CR, every CR ends
 *   a line, as in files of old Macs.
 * - A byte order mark at the beginning of a line is not part of it: files with one are often joined.
 * - The text must be UTF-8. A file in UTF-16 or UTF-32, or one whose lines are mostly in GBK, fails as
 *   a whole, with a reason that says how to convert it. A few lines that are not UTF-8 are handed on as they
 *   are.
 * - A line has at most LINE_FILE_LIMIT bytes, so that the memory does not depend on the file.
 */
#ifndef LEXICON_LINE_FILE_H
#define LEXICON_LINE_FILE_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a line, without its end. */
#define LINE_FILE_LIMIT 65536

struct line_file;

/* Open a file, or a pipe, which is copied to a temporary file: the function waits for its end, and no other
 * one waits. Returns NULL with a reason on failure; the caller closes the file. */
struct line_file *line_file_open(const char *path, struct err *err);

/* Close the file. NULL is allowed. */
void line_file_close(struct line_file *file);

/*
 * Read the next line, without its end. The line is valid until the next call. `*too_long` says
 * whether the line is longer than allowed; then `*line` is empty. Returns 1, 0 at the end of the file,
 * or -1 with a reason that begins with the path.
 */
int line_file_next(struct line_file *file, struct str *line, bool *too_long, struct err *err);

/* The number of the line that line_file_next() has read last; the first line is 1. */
size_t line_file_number(const struct line_file *file);

/*
 * Extend the last line to the end of the next line that has the byte `mark`; a line end between them
 * is part of the longer line. Returns 1; 0 where there is no such line within LINE_FILE_LIMIT bytes,
 * and the line is not valid any more; or -1 with a reason.
 */
int line_file_extend(struct line_file *file, char mark, struct str *line, struct err *err);

/* Undo the calls of line_file_extend() for the last line: the next line is the one behind its first
 * line end. */
void line_file_shorten(struct line_file *file);

#endif
