/*
 * serverful invoke: runs one Lambda event through the handlers, as bootstrap does, and prints the
 * response.
 */
#include "api/route.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "lambda/proxy.h"
#include "snapshot/snapshot.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct options {
    const char *snapshot, *route;
    const char *event; /* The path of the event, or NULL for standard input. */
};

static int usage(FILE *to, int status)
{
    fprintf(
        to,
        "Usage: serverful invoke [OPTION...] [EVENT.json]\n\n"
        "Runs one AWS Lambda event, from the file or standard input, through the handlers and\n"
        "prints the response. The event comes from API Gateway (REST API, or HTTP API with\n"
        "payload 1.0 or 2.0), a function URL, an Application Load Balancer or VPC Lattice, or is "
        "a\n"
        "bare one such as {\"text\": \"…\"}.\n\n"
        "  --snapshot FILE  answer from this snapshot (default: " DEFAULT_SNAPSHOT ")\n"
        "  --route NAME     answer every path by this route, as _HANDLER makes bootstrap do:\n");
    for (size_t i = 0; route_at(i); i++)
        fprintf(to, "                     %-14s %s\n", route_at(i)->name, route_at(i)->path);
    fprintf(to,
            "  -h, --help       show this help and exit\n\n"
            "SERVERFUL_BASE_PATH is the base path of the event, such as /v1, as for bootstrap.\n");
    return status;
}

/* Read the options. Returns 0, or an exit status + 1. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {{"snapshot", required_argument, NULL, 's'},
                                          {"route", required_argument, NULL, 'r'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    uint64_t given = 0;
    for (int c; (c = getopt_long(argc, argv, "h", longs, NULL)) != -1;) {
        if (!cli_accept_option(argv[0], longs, c, &given))
            return usage(stderr, 2) + 1;
        if (c == 's')
            options->snapshot = optarg;
        else if (c == 'r')
            options->route = optarg;
        else
            return usage(c == 'h' ? stdout : stderr, c == 'h' ? 0 : 2) + 1;
    }
    if (argc - optind > 1)
        return usage(stderr, 2) + 1;
    options->event = argv[optind]; /* argv ends with NULL */
    return 0;
}

/* Read all of a file. Returns 0 or -1 with a reason. */
static int read_file(FILE *file, struct buf *out, struct err *err)
{
    for (size_t n = 1; n > 0; out->len += n) {
        char *to = buf_reserve(out, BUFSIZ);
        if (!to)
            return err_set(err, "out of memory for the event");
        n = fread(to, 1, BUFSIZ, file);
    }
    return ferror(file) ? err_errno(err, "cannot read the event") : 0;
}

static int read_event(const char *path, struct buf *out, struct err *err)
{
    FILE *file = path ? fopen(path, "re") : stdin;
    if (!file)
        return err_errno(err, "cannot open %s", path);
    int status = read_file(file, out, err);
    if (path)
        fclose(file);
    return status;
}

/* Answer the event and print the response. Returns 0 or -1 with a reason. */
static int print_answer(struct api *api, struct str event, struct err *err)
{
    struct proxy *proxy = proxy_new(getenv("SERVERFUL_BASE_PATH"));
    if (!proxy)
        return err_set(err, "out of memory for the answer");
    struct proxy_answer answer;
    int status = proxy_answer(proxy, api, event, &answer, err);
    if (answer.json.len > 0 &&
        (fwrite(answer.json.at, 1, answer.json.len, stdout) < answer.json.len ||
         putchar('\n') == EOF || fflush(stdout)))
        status = err_errno(err, "cannot write the response");
    proxy_free(proxy);
    return status;
}

static int invoke(const struct options *options, struct err *err)
{
    struct snapshot snapshot = {0};
    struct buf event = {0};
    struct api api = {.snapshot = &snapshot, .pinned = route_by_name(str_of(options->route))};
    if (options->route && !api.pinned)
        return err_set(err, "unknown route '%s': see --help for the routes", options->route);
    int status = -1;
    if (!read_event(options->event, &event, err) &&
        !snapshot_open(&snapshot, options->snapshot, err) && !api_init(&api, err))
        status = print_answer(&api, buf_str(&event), err);
    api_free(&api);
    snapshot_close(&snapshot);
    buf_free(&event);
    return status;
}

int command_invoke(int argc, char **argv)
{
    struct options options = {.snapshot = DEFAULT_SNAPSHOT};
    struct err err;
    int stop = read_options(argc, argv, &options);
    if (stop)
        return stop - 1;
    if (!invoke(&options, &err))
        return 0;
    return cli_fail(argv[0], err.text);
}
