/*
 * snapshot: compiles the store into a snapshot.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "store/compile.h"

int command_snapshot(int argc, char **argv)
{
    const char *store_path = DEFAULT_STORE, *snapshot_path = DEFAULT_SNAPSHOT;
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &store_path},
        {"snapshot", "FILE", "the snapshot to write", &snapshot_path},
        {0}};
    int status = cli_read_options(
        argc, argv, "Compile those parts of the store that have changed into a snapshot.", options);
    if (status >= 0)
        return status;
    struct err err;
    struct store *store = store_open(store_path, STORE_READ, &err);
    status = store ? store_compile(store, snapshot_path, true, NULL, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
