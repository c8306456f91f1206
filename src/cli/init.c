/*
 * init: creates a store with five images and no words.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "store/store.h"

#include <stdio.h>

int command_init(int argc, char **argv)
{
    const char *path = DEFAULT_STORE;
    const struct cli_option options[] = {{"store", "FILE", "the store", &path}, {0}};
    int status = cli_read_options(argc, argv, "Create a store, unless it exists.", options);
    if (status >= 0)
        return status;
    struct err err;
    struct store *store = store_open(path, STORE_CREATE, &err);
    if (!store)
        return cli_fail(argv[0], err.text);
    store_close(store);
    return 0;
}
