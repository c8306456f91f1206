/*
 * check: verifies the store and the snapshot, and that they have the same revision; or asks the hosts
 * of the images for them, by another program.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "doctor/data.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROBE           "probe_images"
#define DEFAULT_TIMEOUT 30
#define MAX_TIMEOUT     3600

/* Find the program that asks for images, beside this one where that is not installed. */
static void find_probe(char path[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(path, '/');
    size_t room = slash ? (size_t)(path + PATH_MAX - slash) : 0;
    if (!slash || snprintf(slash, room, "/" PROBE) >= (int)room || access(path, X_OK))
        snprintf(path, PATH_MAX, "%s", PKGLIBEXECDIR "/" PROBE);
}

/* Execute the program that asks for images, so that TLS is no part of this one. Returns after a failure
 * only, with the exit status. */
static int check_images(const char *command, const char *store, const char *timeout)
{
    char probe[PATH_MAX];
    unsigned seconds;
    if (!cli_read_number(command, "timeout", timeout, 1, MAX_TIMEOUT, &seconds))
        return 2;
    find_probe(probe);
    execl(probe, probe, store, timeout, (char *)NULL);
    return cli_fail(command, "cannot execute " PROBE ": install the package again");
}

int command_check(int argc, char **argv)
{
    const char *store = DEFAULT_STORE, *snapshot = DEFAULT_SNAPSHOT;
    const char *images = NULL, *timeout = CLI_TEXT(DEFAULT_TIMEOUT);
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &store},
        {"snapshot", "FILE", "the snapshot", &snapshot},
        {"images", NULL, "ask the hosts of the images for them instead", &images},
        {"timeout", "SECONDS", "with --images: how long to wait for each", &timeout},
        {0}};
    int status = cli_read_options(
        argc, argv,
        "Verify every byte of the store and the snapshot, and that they belong together.", options);
    if (status >= 0)
        return status;
    if (images)
        return check_images(argv[0], store, timeout);
    struct err err;
    struct snapshot_revisions of_store, of_snapshot;
    if (data_check_store(store, &of_store, &err) ||
        data_check_snapshot(snapshot, &of_snapshot, &err) ||
        data_compare(snapshot, &of_store, &of_snapshot, &err))
        return cli_fail(argv[0], err.text);
    printf("%s and %s are good and belong together\n", store, snapshot);
    return 0;
}
