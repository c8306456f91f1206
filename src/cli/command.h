/*
 * command: the subcommands of `serverful`, one file each. To add one, declare it here, write its
 * file, and add a row to the table in serverful.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * Run a subcommand. argv[0] is its name, as getopt_long() expects it, and argv[-1] that of the
 * program. Returns the exit status: 0 on success, 1 for a failure, 2 for an invalid command line.
 * The reason of a failure is on stderr. main() writes what is left of the standard output, and checks that all
 * of it was written.
 */
typedef int command_main(int argc, char **argv);

command_main command_check;
command_main command_compare;
command_main command_diff;
command_main command_doctor;
command_main command_export;
command_main command_import;
command_main command_init;
command_main command_migrate;
command_main command_invoke;
command_main command_lambda_host;
command_main command_pool;
command_main command_prices;
command_main command_publish;
command_main command_segment;
command_main command_simulate;
command_main command_snapshot;
command_main command_traffic;
command_main command_undo;

#endif
