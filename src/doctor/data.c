#include "doctor/data.h"

#include "snapshot/snapshot.h"
#include "store/store.h"

#include <string.h>

/* Opens the store for writing, although it only reads: in a read-only file SQLite does not check
 * CHECK constraints. */
int data_check_store(const char *path, struct snapshot_revisions *revisions, struct err *err)
{
    struct store *store = store_open(path, STORE_WRITE, err);
    int status = store ? store_check(store, false, err) : -1;
    if (!status)
        status = store_revisions(store, revisions, err);
    store_close(store);
    return status;
}

int data_check_snapshot(const char *path, struct snapshot_revisions *revisions, struct err *err)
{
    struct snapshot snapshot;
    if (snapshot_open(&snapshot, path, err))
        return -1;
    int status = snapshot_verify(&snapshot, err);
    *revisions = snapshot.header->revisions;
    snapshot_close(&snapshot);
    return status;
}

int data_compare(const char *snapshot, const struct snapshot_revisions *of_store,
                 const struct snapshot_revisions *of_snapshot, struct err *err)
{
    if (!memcmp(of_store, of_snapshot, sizeof *of_store))
        return 0;
    return err_set(
        err,
        "%s is older than the store: start the pool, which compiles it, or run "
        "'serverful snapshot'; if the pool runs, its log and 'SELECT * FROM guard_check' say "
        "why it did not",
        snapshot);
}
