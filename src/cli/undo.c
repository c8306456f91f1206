/*
 * undo: lists the last edits of the store, or undoes one of them, or all since a time.
 */
#include "store/undo.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#define LISTED 20 /* edits */

static void print_edit(const struct store_edit *edit)
{
    printf("%6" PRId64 "  %.*s  %.*s: %.*s\n", edit->id, (int)edit->at.len, edit->at.at,
           (int)edit->tool.len, edit->tool.at, (int)edit->rows.len, edit->rows.at);
}

/* Undo what the options name, and print the edit that this is; or list the last edits. */
static int run(struct store *store, unsigned edit, const char *since, struct err *err)
{
    if (edit && store_undo_edit(store, edit, err))
        return -1;
    if (since && store_undo_since(store, since, err))
        return -1;
    int n = store_each_edit(store, edit || since ? 1 : LISTED, print_edit, err);
    if (n == 0)
        fprintf(stderr, "serverful undo: the history of the store has no edits\n");
    return n < 0 ? -1 : 0;
}

int command_undo(int argc, char **argv)
{
    const char *path = DEFAULT_STORE, *edit = NULL, *since = NULL;
    unsigned number = 0;
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &path},
        {"edit", "N", "undo this edit", &edit},
        {"since", "TIME", "undo all edits since a time in UTC", &since},
        {0}};
    int status = cli_read_options(
        argc, argv, "List the last edits of the store, or undo one of them or all since a time.",
        options);
    if (status >= 0)
        return status;
    if (edit && !cli_read_number(argv[0], "edit", edit, 1, INT_MAX, &number))
        return 2;
    if (edit && since) {
        cli_fail(argv[0], "name either --edit or --since");
        return 2;
    }
    struct err err;
    struct store *store = store_open(path, edit || since ? STORE_WRITE : STORE_READ, &err);
    status = store ? run(store, number, since, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
