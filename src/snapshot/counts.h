/*
 * counts: the number of rows that a snapshot has of each table of the store.
 */
#ifndef SNAPSHOT_COUNTS_H
#define SNAPSHOT_COUNTS_H

#include "snapshot/content.h"

#include <stdint.h>

/* The tables whose rows can be counted in a snapshot. */
enum snapshot_table {
    SNAPSHOT_TABLE_WORDS,
    SNAPSHOT_TABLE_IMAGES,
    SNAPSHOT_TABLE_IDF,
    SNAPSHOT_TABLE_STOP_WORDS,
    SNAPSHOT_TABLES
};

struct snapshot_counts {
    uint64_t rows[SNAPSHOT_TABLES]; /* The number of rows of each table. */
};

/* Return the name of a table in the store. The text is static. */
const char *snapshot_table_name(enum snapshot_table table);

/* Return the part of the store to which a table belongs. */
enum snapshot_part snapshot_table_part(enum snapshot_table table);

/* Count the rows. Reads the double arrays, which takes a millisecond with jieba's words. */
struct snapshot_counts snapshot_count_rows(const struct snapshot *snapshot);

#endif
