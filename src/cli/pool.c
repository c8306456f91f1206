/*
 * pool: the command that runs the FastCGI worker pool.
 */
#include "fastcgi/pool.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"

#include <stdio.h>

int command_pool(int argc, char **argv)
{
    struct pool_options pool = {
        .store = DEFAULT_STORE, .snapshot = DEFAULT_SNAPSHOT, .argv = argv - 1};
    char default_workers[8];
    const char *workers = default_workers;
    const char *timeout = CLI_TEXT(POOL_DEFAULT_REQUEST_TIMEOUT);
    const char *requests = CLI_TEXT(POOL_DEFAULT_MAX_REQUESTS);
    const struct cli_option options[] = {
        {"store", "FILE", "path of the store", &pool.store},
        {"snapshot", "FILE", "path of the snapshot, which the pool writes", &pool.snapshot},
        {"receive", "FILE",
         "path of the snapshots that 'serverful publish' sends, instead of a store", &pool.receive},
        {"listen", "ADDRESS", "unix:PATH, 127.0.0.1:PORT or [::1]:PORT", &pool.listen},
        {"workers", "N", "number of worker processes", &workers},
        {"request-timeout", "S", "seconds that a request may take; 0 for no limit", &timeout},
        {"max-requests", "N", "requests after which a worker is replaced; 0 for no limit",
         &requests},
        {"access-log", "FILE", "path of a log with a line of JSON for each request; - for stdout",
         &pool.access_log},
        {"error-log", "FILE", "path of the error log, instead of stderr", &pool.error_log},
        {0}};
    snprintf(default_workers, sizeof default_workers, "%u", pool_default_workers());
    int status =
        cli_read_service_options(argc, argv,
                                 "Run the FastCGI worker pool. Without --listen, it uses the "
                                 "listening socket on descriptor 0.",
                                 options);
    if (status >= 0)
        return status;
    if (!cli_read_number(argv[0], "workers", workers, 1, POOL_MAX_WORKERS, &pool.workers) ||
        !cli_read_number(argv[0], "request-timeout", timeout, 0, POOL_MAX_REQUEST_TIMEOUT,
                         &pool.request_timeout) ||
        !cli_read_number(argv[0], "max-requests", requests, 0, POOL_MAX_MAX_REQUESTS,
                         &pool.max_requests))
        return 2;
    struct err err = {0};
    return pool_run(&pool, &err) ? cli_fail(argv[0], err.text) : 0;
}
