/*
 * pool: runs the FastCGI worker pool.
 */
#include "fastcgi/pool.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"

#include <stdio.h>
#include <stdlib.h>

/* A number of workers, or 0 where the text is none. */
static unsigned read_workers(const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    return *end || end == text || n > POOL_MAX_WORKERS ? 0 : (unsigned)n;
}

int command_pool(int argc, char **argv)
{
    struct pool_options pool = {.store = DEFAULT_STORE, .snapshot = DEFAULT_SNAPSHOT};
    const char *workers = "4";
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &pool.store},
        {"snapshot", "FILE", "the snapshot, which is written", &pool.snapshot},
        {"listen", "ADDRESS", "unix:PATH, 127.0.0.1:PORT or [::1]:PORT", &pool.listen},
        {"workers", "N", "processes", &workers},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Run the FastCGI worker pool. Without --listen it takes the "
                                  "socket on descriptor 0.",
                                  options);
    if (status >= 0)
        return status;
    pool.workers = read_workers(workers);
    if (!pool.workers) {
        fprintf(stderr, "serverful pool: --workers takes a number from 1 to %d\n",
                POOL_MAX_WORKERS);
        return 2;
    }
    struct err err = {0};
    return pool_run(&pool, &err) ? cli_fail(argv[0], err.text) : 0;
}
