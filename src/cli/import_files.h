/*
 * import_files: imports the files of words, images, stop words and inverse document frequencies
 * that the options of `serverful import` name, and counts what their rows do.
 */
#ifndef CLI_IMPORT_FILES_H
#define CLI_IMPORT_FILES_H

#include "lexicon/row_file.h"
#include "store/import.h"

/* What the files of one import have done. Before the first file, set `import`, and the other fields to
 * zero. */
struct import_files {
    struct store_import *import;
    bool has_read[ROW_KINDS]; /* Whether a file of the kind was read. */

    /* The rows by what they did. */
    size_t counts[ROW_KINDS][IMPORT_RESULTS];
};

/*
 * Import a file. Shows the progress on stderr, and then the rows that are refused, of which there may
 * be any number: the reasons of the first 20, and how many more there are. Returns 0, or -1 with a
 * reason where the import cannot go on.
 */
int import_files_read(struct import_files *files, enum row_kind kind, const char *path,
                      struct err *err);

/* The number of rows refused so far. */
size_t import_files_refused(const struct import_files *files);

/* Print a line to stdout for each table of which a file was read: the rows added, changed, same and
 * refused. */
void import_files_print(const struct import_files *files);

#endif
