/*
 * snapshot: compiles the store into a snapshot.
 */
#include "snapshot/snapshot.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "store/compile.h"

#include <stdio.h>

/* Print the revision of the snapshot at the path. Returns the exit status. */
static int print_revision(const char *command, const char *path)
{
    struct snapshot snapshot;
    struct err err;
    if (snapshot_open(&snapshot, path, &err))
        return cli_fail(command, err.text);
    puts(snapshot.revision);
    snapshot_close(&snapshot);
    return 0;
}

int command_snapshot(int argc, char **argv)
{
    const char *store_path = DEFAULT_STORE, *snapshot_path = DEFAULT_SNAPSHOT;
    const char *print = NULL;
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &store_path},
        {"snapshot", "FILE", "the snapshot to write", &snapshot_path},
        {"print-revision", NULL, "compile nothing; print the revision of the snapshot", &print},
        {0}};
    int status = cli_read_options(
        argc, argv, "Compile those parts of the store that have changed into a snapshot.", options);
    if (status >= 0)
        return status;
    if (print)
        return print_revision(argv[0], snapshot_path);
    struct err err;
    struct store *store = store_open(store_path, STORE_READ, &err);
    status = store ? store_compile(store, snapshot_path, true, NULL, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
