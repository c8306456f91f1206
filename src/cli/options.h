/*
 * options: the command line of a subcommand that has long options only, each with a value, and no
 * other arguments.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>

/* The value of a macro as a string, such as a default for --help. */
#define CLI_TEXT(macro)       CLI_TEXT_VALUE(macro)
#define CLI_TEXT_VALUE(value) #value

struct cli_option {
    const char *name;   /* without the dashes; NULL ends the list */
    const char *meta;   /* what the value is, for --help: "FILE" */
    const char *help;   /* one line */
    const char **value; /* set where the option is given; what it holds before is the default */
};

/*
 * Read the command line. `summary` says what the command does, for --help. Returns -1 to go on;
 * else the exit status: 0 after --help, 2 after a wrong usage, which has been said on stderr.
 */
int cli_read_options(int argc, char **argv, const char *summary, const struct cli_option *options);

/* Read the value `text` of the option `name`, a number from `least` to `most`. Returns false, after
 * a message on stderr, where it is none. */
bool cli_read_number(const char *command, const char *name, const char *text, unsigned least,
                     unsigned most, unsigned *number);

/* Say on stderr why a command failed. Returns the exit status 1. */
int cli_fail(const char *command, const char *reason);

#endif
