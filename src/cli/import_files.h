/*
 * import_files: imports the files of words, images, stop words and inverse document frequencies
 * that the options of `serverful import` name, and counts what their rows do.
 */
#ifndef CLI_IMPORT_FILES_H
#define CLI_IMPORT_FILES_H

#include "lexicon/row_file.h"
#include "store/import.h"

/* The files of one import, and what they have done. All fields are zero before the first file is opened; set
 * `import` before the first one is read. */
struct import_files {
    struct store_import *import;
    const char *paths[ROW_KINDS];      /* The path of the file of each kind; NULL for none. */
    struct row_file *files[ROW_KINDS]; /* The open files. */

    /* The rows by what they did. */
    size_t counts[ROW_KINDS][IMPORT_RESULTS];
};

/* Open the file of a kind, and wait for all of a pipe: do that before the transaction, in which others cannot
 * write. Returns 0, or -1 with a reason; import_files_close() closes what is open. */
int import_files_open(struct import_files *files, enum row_kind kind, const char *path,
                      struct err *err);

/* Close the files. */
void import_files_close(struct import_files *files);

/*
 * Import the file of a kind, if one is open. Shows the progress on stderr, and then the rows that are refused, of which there may
 * be any number: the reasons of the first 20, and how many more there are. Returns 0, or -1 with a
 * reason where the import cannot go on.
 */
int import_files_read(struct import_files *files, enum row_kind kind, struct err *err);

/* The number of rows refused so far. */
size_t import_files_refused(const struct import_files *files);

/* Print a line to stdout for each table of which a file was read: the rows added, changed, same and
 * refused. */
void import_files_print(const struct import_files *files);

#endif
