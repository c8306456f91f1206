/*
 * python: runs the programs of this package that are written in Python.
 */
#ifndef CLI_PYTHON_H
#define CLI_PYTHON_H

/*
 * Execute a Python program, such as "compare/compare.py", with the arguments of a command. It finds in its
 * environment SERVERFUL, the path of this program; SERVERFUL_PROGRAMS, the directory of bootstrap and load;
 * and SERVERFUL_STORE, the default path of the store. Returns only if that fails: the exit status 1, after a
 * message on stderr.
 */
int cli_run_python(const char *script, int argc, char **argv);

#endif
