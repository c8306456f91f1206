/*
 * check: verifies the store and the snapshot, and that they have the same revision.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "doctor/data.h"

#include <stdio.h>

int command_check(int argc, char **argv)
{
    const char *store = DEFAULT_STORE, *snapshot = DEFAULT_SNAPSHOT;
    const struct cli_option options[] = {{"store", "FILE", "the store", &store},
                                         {"snapshot", "FILE", "the snapshot", &snapshot},
                                         {0}};
    int status = cli_read_options(
        argc, argv,
        "Verify every byte of the store and the snapshot, and that they belong together.", options);
    if (status >= 0)
        return status;
    struct err err;
    struct snapshot_revisions of_store, of_snapshot;
    if (data_check_store(store, &of_store, &err) ||
        data_check_snapshot(snapshot, &of_snapshot, &err) ||
        data_compare(snapshot, &of_store, &of_snapshot, &err))
        return cli_fail(argv[0], err.text);
    printf("%s and %s are good and belong together\n", store, snapshot);
    return 0;
}
