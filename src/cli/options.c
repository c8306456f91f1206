#include "cli/options.h"

#include "util/decimal.h"

#include <stdio.h>
#include <string.h>

static int help(const char *command, const char *summary, const struct cli_option *options)
{
    printf("Usage: serverful %s [OPTION...]\n\n%s\n\n", command, summary);
    for (const struct cli_option *option = options; option->name; option++) {
        int width = printf("  --%s %s", option->name, option->meta);
        printf("%*s%s", width < 22 ? 22 - width : 1, "", option->help);
        if (*option->value)
            printf(" (default %s)", *option->value);
        printf("\n");
    }
    printf("  --help              this text\n");
    return 0;
}

static int wrong(const char *command, const char *argument, const char *what)
{
    fprintf(stderr, "serverful %s: '%s': %s; see 'serverful %s --help'\n", command, argument, what,
            command);
    return 2;
}

/* The option that an argument like --store or --store=FILE names, or NULL; `*value` is what stands
 * behind the equals sign, or NULL. */
static const struct cli_option *find(const char *argument, const struct cli_option *options,
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

int cli_read_options(int argc, char **argv, const char *summary, const struct cli_option *options)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help"))
            return help(argv[0], summary, options);
    }
    for (int i = 1; i < argc; i++) {
        const char *value;
        const struct cli_option *option = find(argv[i], options, &value);
        if (!option)
            return wrong(argv[0], argv[i], "no such option");
        if (!value && i + 1 == argc)
            return wrong(argv[0], argv[i], "needs a value");
        *option->value = value ? value : argv[++i];
    }
    return -1;
}

bool cli_read_number(const char *command, const char *name, const char *text, unsigned least,
                     unsigned most, unsigned *number)
{
    char option[64];
    struct err err;
    snprintf(option, sizeof option, "--%s", name);
    if (decimal_parse(option, text, least, most, number, &err) == 0)
        return true;
    cli_fail(command, err.text);
    return false;
}

int cli_fail(const char *command, const char *reason)
{
    fprintf(stderr, "serverful %s: %s\n", command, reason);
    return 1;
}
