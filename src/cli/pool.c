/*
 * pool: runs the FastCGI worker pool.
 */
#include "fastcgi/pool.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"

int command_pool(int argc, char **argv)
{
    struct pool_options pool = {
        .store = DEFAULT_STORE, .snapshot = DEFAULT_SNAPSHOT, .argv = argv - 1};
    const char *workers = CLI_TEXT(POOL_DEFAULT_WORKERS);
    const char *timeout = CLI_TEXT(POOL_DEFAULT_REQUEST_TIMEOUT);
    const char *requests = CLI_TEXT(POOL_DEFAULT_MAX_REQUESTS);
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &pool.store},
        {"snapshot", "FILE", "the snapshot, which is written", &pool.snapshot},
        {"listen", "ADDRESS", "unix:PATH, 127.0.0.1:PORT or [::1]:PORT", &pool.listen},
        {"workers", "N", "processes", &workers},
        {"request-timeout", "S", "seconds that a request may take; 0: any time", &timeout},
        {"max-requests", "N", "requests after which a worker is replaced; 0: never", &requests},
        {"access-log", "FILE", "one line of JSON a request; -: standard output", &pool.access_log},
        {"error-log", "FILE", "instead of the standard error output", &pool.error_log},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Run the FastCGI worker pool. Without --listen it takes the "
                                  "socket on descriptor 0.",
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
