/*
 * check: verifies the store and the snapshot, and whether they belong together.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "snapshot/map.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* Opened for writing, though nothing is written: SQLite forgets CHECK constraints in a read-only
 * file. */
static int check_store(const char *path, struct snapshot_revisions *revisions, struct err *err)
{
    struct store *store = store_open(path, STORE_WRITE, err);
    int status = store ? store_check(store, false, err) : -1;
    if (!status)
        status = store_revisions(store, revisions, err);
    store_close(store);
    return status;
}

static int check_snapshot(const char *path, const struct snapshot_revisions *expected,
                          struct err *err)
{
    struct snapshot snapshot;
    if (snapshot_open(&snapshot, path, err))
        return -1;
    int status = snapshot_verify(&snapshot, err);
    if (!status && memcmp(&snapshot.header->revisions, expected, sizeof *expected) != 0)
        status = err_set(err,
                         "%s is not of the store's present revision: a running pool compiles it, "
                         "or 'serverful snapshot'",
                         path);
    snapshot_close(&snapshot);
    return status;
}

int command_check(int argc, char **argv)
{
    const char *store = DEFAULT_STORE, *snapshot = DEFAULT_SNAPSHOT;
    const struct cli_option options[] = {{"store", "FILE", "the store", &store},
                                         {"snapshot", "FILE", "the snapshot", &snapshot},
                                         {0}};
    int status =
        cli_read_options(argc, argv, "Verify the store and the snapshot, every byte.", options);
    if (status >= 0)
        return status;
    struct err err;
    struct snapshot_revisions revisions;
    if (check_store(store, &revisions, &err) || check_snapshot(snapshot, &revisions, &err))
        return cli_fail(argv[0], err.text);
    printf("%s and %s are good and belong together\n", store, snapshot);
    return 0;
}
