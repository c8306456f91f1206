/*
 * migrate: brings a store of an older schema version up to date.
 */
#include "store/migrate.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

int command_migrate(int argc, char **argv)
{
    const char *path = DEFAULT_STORE;
    const struct cli_option options[] = {{"store", "FILE", "the store", &path}, {0}};
    int status = cli_read_options(
        argc, argv, "Bring a store of an older schema version up to date, and keep a copy.",
        options);
    if (status >= 0)
        return status;
    struct err err;
    struct migration migration;
    if (store_migrate(path, &migration, &err))
        return cli_fail(argv[0], err.text);
    if (migration.copy)
        printf("migrated %s from schema version %d to %d; %s is a copy of it as it was\n", path,
               migration.from, STORE_VERSION, migration.copy);
    free(migration.copy);
    return 0;
}
