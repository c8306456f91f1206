/*
 * export: hands over the rows of the store as `serverful import` reads them.
 */
#ifndef STORE_EXPORT_H
#define STORE_EXPORT_H

#include "lexicon/row_file.h"
#include "store/store.h"

/* Takes a row, whose texts are valid during the call only. Returns 0, or -1 with a reason to stop. */
typedef int store_export_row(void *arg, const struct row *row, struct err *err);

/*
 * Hand over the rows of one kind, as they are in one moment: words by their bytes, images by their id.
 * Of ROW_USER_WORD the words without a freq come last, since a user dictionary suggests their
 * frequencies from those of all others. Returns 0 or -1 with a reason.
 */
int store_export(struct store *store, enum row_kind kind, store_export_row *take, void *arg,
                 struct err *err);

#endif
