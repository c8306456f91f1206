/*
 * options: reads the command line of a subcommand that has only long options, and checks that of others.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* The value of a macro as a string, such as a default for --help. */
#define CLI_TEXT(macro)       CLI_TEXT_VALUE(macro)
#define CLI_TEXT_VALUE(value) #value

struct option; /* <getopt.h> */

struct cli_option {
    const char *name; /* The name without the dashes; NULL ends a list of options. */
    const char *meta; /* The placeholder of the value in --help, such as "FILE"; NULL: a switch. */
    const char *help; /* The description in --help, one line. */
    const char **value; /* The place of the value, which holds the default before; of a switch that
                         * is on, the value is its name. */
};

/*
 * Read the command line. There are at most 64 options; one with a value may be given once. `summary` says
 * what the command does, for --help. Returns -1 if the command is to run, otherwise the exit status: 0 after
 * --help, 2 after an error, which is on stderr.
 */
int cli_read_options(int argc, char **argv, const char *summary, const struct cli_option *options);

/* The same for a service, whose unit has options before those of the operator: of repeated ones the last
 * value counts. */
int cli_read_service_options(int argc, char **argv, const char *summary,
                             const struct cli_option *options);

/*
 * Check what getopt_long() has returned for a command that reads its command line by itself: an option with
 * a value may be given once. `options` are those of the command, at most 64, and `given` has a bit for each
 * that was given; it is 0 before the first. Returns false after a message on stderr.
 */
bool cli_accept_option(const char *command, const struct option *options, int letter,
                       uint64_t *given);

/* Read `text`, the value of the option `name`, as a whole number from `min` to `max`. Returns false
 * after a message on stderr where it is not such a number. */
bool cli_read_number(const char *command, const char *name, const char *text, unsigned min,
                     unsigned max, unsigned *number);

/* Print the reason of a failure to stderr. Returns the exit status 1. */
int cli_fail(const char *command, const char *reason);

#endif
