/*
 * compare: the command that measures and prices both ways to run the service.
 */
#include "cli/command.h"
#include "cli/python.h"

int command_compare(int argc, char **argv)
{
    return cli_run_python("compare/compare.py", argc, argv);
}
