/*
 * traffic: reads access logs into the results of the comparison, and prints a summary.
 */
#include "traffic/traffic.h"
#include "cli/command.h"
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>

#define DEFAULT_RESULTS "results.db"

static const char usage[] = "Usage: serverful traffic [OPTION...] FILE...\n\n"
                            "Read access logs of nginx, Apache, ALB, API Gateway, CloudFront or "
                            "serverful pool, or CSV, also\n"
                            "compressed by gzip; - is the standard input. Write arrivals, sizes, "
                            "durations and statuses by\n"
                            "endpoint into the results of serverful compare, in place of earlier "
                            "traffic, and print a summary.\n\n"
                            "  --results FILE        the results (default " DEFAULT_RESULTS ")\n"
                            "  -h, --help            print this text\n";

/* Read the options. Returns -1 if the command is to run, otherwise its exit status. */
static int read_options(int argc, char **argv, const char **results)
{
    static const struct option options[] = {
        {"results", required_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {0}};
    uint64_t given = 0;
    for (int letter; (letter = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (!cli_accept_option(argv[0], options, letter, &given))
            return 2;
        if (letter == 'h')
            return fputs(usage, stdout) == EOF;
        if (letter != 'r')
            return 2;
        *results = optarg;
    }
    if (optind < argc)
        return -1;
    fputs("serverful traffic: no log file: name one, or - for the standard input\n", stderr);
    return 2;
}

int command_traffic(int argc, char **argv)
{
    const char *results = DEFAULT_RESULTS;
    struct err err;
    int status = read_options(argc, argv, &results);
    if (status >= 0)
        return status;
    const char *const *paths = (const char *const *)argv + optind;
    return traffic_read(results, paths, argc - optind, stdout, &err) ? cli_fail(argv[0], err.text)
                                                                     : 0;
}
