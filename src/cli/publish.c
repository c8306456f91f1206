/*
 * publish: the command that compiles the store, and hands the snapshot to all places that serve it.
 */
#include "cli/command.h"
#include "cli/python.h"

int command_publish(int argc, char **argv)
{
    return cli_run_python("publish/publish.py", argc, argv);
}
