/*
 * undo: undoes edits of the store by its history, which sql/views.sql describes.
 */
#ifndef STORE_UNDO_H
#define STORE_UNDO_H

#include "store/store.h"
#include "util/str.h"

#include <stdint.h>

/* An edit of the history. The texts are borrowed until the function that got it returns. */
struct store_edit {
    int64_t id;
    struct str at;   /* When it began, in UTC. */
    struct str tool; /* Which tool made it. */
    struct str rows; /* How many rows of which tables it changed, as text. */
};

typedef void store_edit_handler(const struct store_edit *edit);

/* Call `handle` for the last `n` edits, the latest first. Returns how many there were, or -1 with a reason. */
int store_each_edit(struct store *store, int n, store_edit_handler *handle, struct err *err);

/* Undo the edit of this id. Returns 0, or -1 with a reason, and then the store is unchanged. */
int store_undo_edit(struct store *store, int64_t edit, struct err *err);

/* Undo all edits since a time in UTC, written like 2026-11-28 12:00. Returns as store_undo_edit(). */
int store_undo_since(struct store *store, const char *time, struct err *err);

#endif
