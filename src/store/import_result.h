/*
 * import_result: what became of a row of an import.
 */
#ifndef STORE_IMPORT_RESULT_H
#define STORE_IMPORT_RESULT_H

/* The number of a row that has none. */
#define STORE_NO_NUMBER (-1)

/* What a row has done to its table. */
enum import_result {
    IMPORT_FAILED = -1, /* The import cannot go on, for the given reason. */
    IMPORT_ADDED,       /* The row is new. */
    IMPORT_CHANGED,     /* A row with the same word or URL has got other values. */
    IMPORT_SAME,        /* The row was there already. */
    IMPORT_REFUSED,     /* The schema refuses the row, for the given reason. */
    IMPORT_COUNTED,     /* Only the total has the frequency; see store_import_user_word(). */
    IMPORT_RESULTS
};

#endif
