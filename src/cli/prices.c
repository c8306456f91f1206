/*
 * prices: the command that takes prices from AWS's own price lists into the results of compare.
 */
#include "cli/command.h"
#include "cli/python.h"

int command_prices(int argc, char **argv)
{
    return cli_run_python("compare/prices/prices.py", argc, argv);
}
