/*
 * lambda-host: a local stand-in for API Gateway and Lambda.
 */
#include "lambda_host/host.h"

#include "cli/command.h"
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "127.0.0.1:9000" in its parts; `room` takes the host. */
static bool read_address(const char *command, const char *text, char *room, size_t size,
                         struct host_options *host)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len == 0 || len >= size) {
        fprintf(stderr, "serverful %s: --listen takes an address like 127.0.0.1:9000\n", command);
        return false;
    }
    memcpy(room, text, len);
    room[len] = '\0';
    host->address = room;
    return cli_read_number(command, "listen", colon + 1, 0, 65535, &host->port);
}

/* Tell the functions where the snapshot is. */
static bool set_snapshot(const char *command, const char *snapshot)
{
    char *path = realpath(snapshot, NULL);
    bool good = path && !setenv("SERVERFUL_SNAPSHOT", path, 1);
    if (!good)
        fprintf(stderr, "serverful %s: no snapshot at %s: 'serverful snapshot' makes one\n",
                command, snapshot);
    free(path);
    return good;
}

int command_lambda_host(int argc, char **argv)
{
    char address[64];
    const char *listen = "127.0.0.1:9000", *snapshot = NULL, *payload = "2.0";
    const char *memory = "128", *timeout = "3", *idle = "300", *concurrency = "10";
    struct host_options host = {
        .function.setup = {.program = PKGLIBEXECDIR "/bootstrap", .handler = "serverful"}};
    struct function_options *function = &host.function;
    const struct cli_option options[] = {
        {"listen", "ADDRESS", "where HTTP comes in; port 0: a free one", &listen},
        {"payload", "FORMAT", "of the events: 2.0 (HTTP API), 1.0, or alb", &payload},
        {"bootstrap", "FILE", "the function", &function->setup.program},
        {"snapshot", "FILE", "the snapshot, if it is in none of the places of Lambda", &snapshot},
        {"handler", "NAME", "the function's handler", &function->setup.handler},
        {"memory", "MB", "what a process may have", &memory},
        {"timeout", "S", "what an invocation may take", &timeout},
        {"idle", "S", "after which an environment is ended", &idle},
        {"concurrency", "N", "environments at once", &concurrency},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Serve HTTP as API Gateway and Lambda do it: each request is an "
                                  "event for a bootstrap\nprocess. Prints Lambda's REPORT lines.",
                                  options);
    if (status >= 0)
        return status;
    struct err err = {0};
    const char *command = argv[0];
    if (gateway_parse_payload(payload, &host.payload, &err))
        return cli_fail(command, err.text) + 1;
    if (!read_address(command, listen, address, sizeof address, &host) ||
        !cli_read_number(command, "memory", memory, 1, 1024 * 1024, &function->setup.memory_mb) ||
        !cli_read_number(command, "timeout", timeout, 1, 900, &function->limits.timeout_s) ||
        !cli_read_number(command, "idle", idle, 1, 86400, &function->limits.idle_s) ||
        !cli_read_number(command, "concurrency", concurrency, 1, FUNCTION_MAX_CONCURRENCY,
                         &function->concurrency))
        return 2;
    if (snapshot && !set_snapshot(command, snapshot))
        return 1;
    return host_run(&host, &err) ? cli_fail(command, err.text) : 0;
}
