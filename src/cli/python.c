#include "cli/python.h"

#include "cli/options.h"
#include "cli/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"

/* Find the path of this program, the directory of the programs that the script runs, and the script `name`,
 * each of PATH_MAX bytes. A program that is not installed has them beside itself. Returns false where /proc
 * is missing. */
static bool find_paths(const char *name, char *program, char *directory, char *script)
{
    ssize_t len = readlink("/proc/self/exe", program, PATH_MAX - 1);
    if (len < 0)
        return false;
    program[len] = '\0';
    char *slash = strrchr(program, '/');
    snprintf(directory, PATH_MAX, "%.*s", (int)(slash - program), program);
    int n = snprintf(script, PATH_MAX, "%s/%s", directory, name);
    if (n >= PATH_MAX || access(script, R_OK)) {
        snprintf(directory, PATH_MAX, "%s", PKGLIBEXECDIR);
        snprintf(script, PATH_MAX, "%s/%s", PKGDATADIR, name);
    }
    return true;
}

int cli_run_python(const char *script, int argc, char **argv)
{
    char program[PATH_MAX], directory[PATH_MAX], path[PATH_MAX];
    char **arguments = calloc((size_t)argc + 3, sizeof *arguments);
    if (!arguments || !find_paths(script, program, directory, path) ||
        setenv("SERVERFUL", program, 1) || setenv("SERVERFUL_PROGRAMS", directory, 1) ||
        setenv("SERVERFUL_STORE", DEFAULT_STORE, 1) || setenv("PYTHONDONTWRITEBYTECODE", "1", 1)) {
        free(arguments);
        return cli_fail(argv[0], strerror(errno));
    }
    arguments[0] = PYTHON;
    arguments[1] = "-u"; /* so that a failure to write is reported where it happens */
    arguments[2] = path;
    memcpy(arguments + 3, argv + 1, (size_t)argc * sizeof *arguments);
    execv(PYTHON, arguments);
    int status = cli_fail(argv[0], "cannot execute " PYTHON ": install python3");
    free(arguments);
    return status;
}
