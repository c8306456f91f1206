/*
 * serverful: the program. Its first argument names a command.
 */
#include "cli/command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    command_main *run;
    const char *summary;
} commands[] = {
    {"init", command_init, "create the store"},
    {"migrate", command_migrate, "bring a store of an older version up to date"},
    {"import", command_import, "import words, models and images"},
    {"export", command_export, "write rows of the store as import reads them"},
    {"diff", command_diff, "show what an edit would change, before it is made"},
    {"undo", command_undo, "list the last edits of the store, or undo them"},
    {"snapshot", command_snapshot, "compile the store into a snapshot"},
    {"publish", command_publish,
     "hand the words and images to the hosts and functions that serve them"},
    {"check", command_check, "verify the store and the snapshot"},
    {"pool", command_pool, "run the FastCGI worker pool"},
    {"invoke", command_invoke, "run one event through the handlers"},
    {"lambda-host", command_lambda_host, "stand in for API Gateway and Lambda"},
    {"compare", command_compare, "measure and price the VM and Lambda"},
    {"traffic", command_traffic, "read access logs into the comparison"},
    {"simulate", command_simulate, "simulate both sides with the traffic of a log or a shape"},
    {"prices", command_prices, "take prices from AWS's price lists into the comparison"},
    {"doctor", command_doctor, "check an installation, and say how to correct it"},
    {"segment", command_segment, "segment text, as python3 -m jieba does"},
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

static int print_usage(FILE *to, int status)
{
    fprintf(to, "Usage: serverful COMMAND [OPTION...]\n\nCommands:\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(to, "  %-12s %s\n", commands[i].name, commands[i].summary);
    fprintf(to, "\nOptions:\n"
                "  -h, --help     print this text; after a command, print its options\n"
                "      --version  print the version\n");
    return status;
}

/* Write what is left of the standard output. Returns the exit status of the command: `status`, unless the
 * output cannot be written, after a message unless the command has printed the reason of a failure. That of
 * diff is 2: 1 is an answer, as it is for doctor. */
static int end_output(const struct command *command, int status)
{
    bool has_failed = ferror(stdout);
    bool is_answer = command->run == command_diff || command->run == command_doctor;
    errno = 0;
    if (!fflush(stdout) && !has_failed)
        return status;
    if (status == 0 || (status == 1 && is_answer))
        fprintf(stderr, "serverful %s: cannot write to the standard output%s%s\n", command->name,
                errno ? ": " : "", errno ? strerror(errno) : "");
    return command->run == command_diff ? 2 : 1;
}

/* Find a command. Returns NULL where there is no such command. */
static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (!strcmp(name, commands[i].name))
            return &commands[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return print_usage(stderr, 2);
    const struct command *command = find_command(argv[1]);
    if (command)
        return end_output(command, command->run(argc - 1, argv + 1));
    if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
        return end_output(&(struct command){.name = "--help"}, print_usage(stdout, 0));
    if (!strcmp(argv[1], "--version"))
        return end_output(&(struct command){.name = "--version"},
                          printf("serverful %s\n", PACKAGE_VERSION) < 0);
    fprintf(stderr, "serverful: unknown command '%s'\n\n", argv[1]);
    return print_usage(stderr, 2);
}
