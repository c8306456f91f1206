/*
 * lambda-host: a local stand-in for API Gateway and Lambda.
 */
#include "lambda_host/lambda_host.h"

#include "cli/command.h"
#include "cli/options.h"
#include "util/aws_limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parse an address like "127.0.0.1:9000"; `buffer` holds the IP address. Returns false after a
 * message on stderr. */
static bool read_address(const char *command, const char *text, char *buffer, size_t size,
                         struct lambda_host_options *host)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len == 0 || len >= size) {
        fprintf(stderr,
                "serverful %s: invalid --listen '%s': use an address and a port, such as "
                "127.0.0.1:9000\n",
                command, text);
        return false;
    }
    memcpy(buffer, text, len);
    buffer[len] = '\0';
    host->address = buffer;
    return cli_read_number(command, "listen", colon + 1, 0, 65535, &host->port);
}

/* Read a number of seconds from 0.001 to 86400, such as 300 or 0.25, as milliseconds. Returns false after a
 * message on stderr. */
static bool read_idle(const char *command, const char *text, unsigned *ms)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits), end = whole + (text[whole] == '.');
    size_t fraction = strspn(text + end, digits);
    double seconds = strtod(text, NULL);
    if (whole + fraction > 0 && !text[end + fraction] && seconds >= 0.001 && seconds <= 86400) {
        *ms = (unsigned)(seconds * 1000 + 0.5);
        return true;
    }
    fprintf(stderr,
            "serverful %s: invalid --idle '%.40s': use seconds from 0.001 to 86400, such as 300 or "
            "0.25\n",
            command, text);
    return false;
}

/* Pass the snapshot to the bootstrap processes by their environment. Returns false after a message
 * on stderr. */
static bool set_snapshot(const char *command, const char *snapshot)
{
    char *path = realpath(snapshot, NULL);
    bool good = path && !setenv("SERVERFUL_SNAPSHOT", path, 1);
    if (!good)
        fprintf(stderr,
                "serverful %s: cannot find the snapshot '%s': make one with 'serverful snapshot'\n",
                command, snapshot);
    free(path);
    return good;
}

int command_lambda_host(int argc, char **argv)
{
    char address[64];
    const char *listen = "127.0.0.1:9000", *snapshot = NULL, *payload = "2.0";
    const char *memory = "128", *timeout = "3", *idle = "300", *concurrency = "10";
    struct lambda_host_options host = {
        .function.setup = {.program = PKGLIBEXECDIR "/bootstrap", .handler = "serverful"}};
    struct function_options *function = &host.function;
    const struct cli_option options[] = {
        {"listen", "ADDRESS", "address and port to listen on; port 0 takes a free one", &listen},
        {"payload", "FORMAT", "payload format of the events: 2.0, 1.0 or alb", &payload},
        {"bootstrap", "FILE", "program of the function", &function->setup.program},
        {"snapshot", "FILE", "snapshot, unless bootstrap finds it by itself", &snapshot},
        {"handler", "NAME", "handler of the function", &function->setup.handler},
        {"memory", "MB", "memory limit of an environment", &memory},
        {"timeout", "S", "time limit of an invocation", &timeout},
        {"idle", "S", "seconds without a request after which an environment ends", &idle},
        {"concurrency", "N", "most environments at once; more requests get a 503", &concurrency},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Serve HTTP as API Gateway and Lambda do: turn each request into "
                                  "an event for a bootstrap\nprocess. Prints REPORT lines like "
                                  "those of Lambda.",
                                  options);
    if (status >= 0)
        return status;
    struct err err = {0};
    const char *command = argv[0];
    if (gateway_parse_payload(payload, &host.payload, &err))
        return cli_fail(command, err.text) + 1;
    if (!read_address(command, listen, address, sizeof address, &host) ||
        !cli_read_number(command, "memory", memory, 1, 1024 * 1024, &function->setup.memory_mb) ||
        !cli_read_number(command, "timeout", timeout, 1, AWS_MAX_TIMEOUT_S,
                         &function->limits.timeout_s) ||
        !read_idle(command, idle, &function->limits.idle_ms) ||
        !cli_read_number(command, "concurrency", concurrency, 1, FUNCTION_MAX_CONCURRENCY,
                         &function->concurrency))
        return 2;
    if (snapshot && !set_snapshot(command, snapshot))
        return 1;
    return lambda_host_run(&host, &err) ? cli_fail(command, err.text) : 0;
}
