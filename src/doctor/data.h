/*
 * data: checks the store and the snapshot, and that they belong together.
 */
#ifndef DOCTOR_DATA_H
#define DOCTOR_DATA_H

#include "snapshot/format.h"
#include "util/err.h"

#include <stdbool.h>

/* Check the file and all rows of a store, and set `*revisions`. Returns 0 or -1 with a reason. */
int data_check_store(const char *path, struct snapshot_revisions *revisions, struct err *err);

/* Check every byte of a snapshot, and set `*revisions`. Returns 0 or -1 with a reason. */
int data_check_snapshot(const char *path, struct snapshot_revisions *revisions, struct err *err);

/* Check that a snapshot has the current revision of the store. Returns 0 or -1 with a reason. */
int data_compare(const char *snapshot, const struct snapshot_revisions *of_store,
                 const struct snapshot_revisions *of_snapshot, struct err *err);

#endif
