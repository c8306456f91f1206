#include "cli/options.h"

#include "util/decimal.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static int print_help(const char *command, const char *summary, const struct cli_option *options)
{
    printf("Usage: serverful %s [OPTION...]\n\n%s\n\n", command, summary);
    for (const struct cli_option *option = options; option->name; option++) {
        int width = printf("  --%s%s%s", option->name, option->meta ? " " : "",
                           option->meta ? option->meta : "");
        printf("%*s%s", width < 22 ? 22 - width : 1, "", option->help);
        if (*option->value)
            printf(" (default %s)", *option->value);
        printf("\n");
    }
    printf("  -h, --help          print this text\n");
    return 0;
}

/* Report an argument that is wrong. Returns the exit status 2. */
static int reject_argument(const char *command, const char *what, const char *argument)
{
    fprintf(stderr, "serverful %s: %s '%s'; see 'serverful %s --help'\n", command, what, argument,
            command);
    return 2;
}

/* Report an option that has a value already: one of the two would be lost. Returns the exit status 2. */
static int reject_value(const char *command, const char *name)
{
    fprintf(stderr, "serverful %s: more than one value for '--%s'; see 'serverful %s --help'\n",
            command, name, command);
    return 2;
}

/* Find the option that an argument like --store or --store=FILE names. Sets `*value` to the text
 * after the equals sign, or to NULL. Returns NULL where there is no such option. */
static const struct cli_option *find_option(const char *argument, const struct cli_option *options,
                                            const char **value)
{
    size_t len = strcspn(argument, "=");
    *value = argument[len] ? argument + len + 1 : NULL;
    for (const struct cli_option *option = options; option->name; option++) {
        if (strlen(option->name) + 2 == len && !strncmp(argument, "--", 2) &&
            !strncmp(argument + 2, option->name, len - 2))
            return option;
    }
    return NULL;
}

static int read_options(int argc, char **argv, const char *summary,
                        const struct cli_option *options, bool may_repeat)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return print_help(argv[0], summary, options);
    }
    uint64_t given = 0; /* The options that have a value, by their index. */
    for (int i = 1; i < argc; i++) {
        const char *value;
        const struct cli_option *option = find_option(argv[i], options, &value);
        if (!option)
            return reject_argument(
                argv[0], argv[i][0] == '-' ? "unknown option" : "unexpected argument", argv[i]);
        if (!option->meta && value)
            return reject_argument(argv[0], "no value is allowed in", argv[i]);
        if (option->meta && !value && i + 1 == argc)
            return reject_argument(argv[0], "no value for", argv[i]);
        uint64_t bit = UINT64_C(1) << (option - options);
        if (option->meta && !may_repeat && given & bit)
            return reject_value(argv[0], option->name);
        given |= bit;
        *option->value = value ? value : option->meta ? argv[++i] : option->name;
    }
    return -1;
}

int cli_read_options(int argc, char **argv, const char *summary, const struct cli_option *options)
{
    return read_options(argc, argv, summary, options, false);
}

int cli_read_service_options(int argc, char **argv, const char *summary,
                             const struct cli_option *options)
{
    return read_options(argc, argv, summary, options, true);
}

bool cli_accept_option(const char *command, const struct option *options, int letter,
                       uint64_t *given)
{
    const struct option *option = options;
    while (option->name && option->val != letter)
        option++;
    if (!option->name || option->has_arg == no_argument)
        return true;
    uint64_t bit = UINT64_C(1) << (option - options);
    if (*given & bit)
        return reject_value(command, option->name) == 0;
    *given |= bit;
    return true;
}

bool cli_read_number(const char *command, const char *name, const char *text, unsigned min,
                     unsigned max, unsigned *number)
{
    char option[64];
    struct err err;
    snprintf(option, sizeof option, "--%s", name);
    if (decimal_parse(option, text, min, max, number, &err) == 0)
        return true;
    cli_fail(command, err.text);
    return false;
}

int cli_fail(const char *command, const char *reason)
{
    fprintf(stderr, "serverful %s: %s\n", command, reason);
    return 1;
}
