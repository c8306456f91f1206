/*
 * command: the subcommands of `serverful`, one file each. A new one is a function here, a file, and
 * a row in the table of serverful.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * Run a subcommand; argv[0] is its name, so that getopt_long() works as in a program of its own,
 * and argv[-1] that of the program. Returns the exit status: 0, 1 for a failure (said on stderr), 2
 * for a wrong usage.
 */
typedef int command_main(int argc, char **argv);

command_main command_check;
command_main command_compare;
command_main command_doctor;
command_main command_import;
command_main command_init;
command_main command_invoke;
command_main command_lambda_host;
command_main command_pool;
command_main command_segment;
command_main command_snapshot;

#endif
