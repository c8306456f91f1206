#include "doctor/running.h"

#include "fastcgi/pool_options.h"
#include "util/decimal.h"
#include "util/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_ARGUMENTS 64

struct command {
    char text[8192]; /* The arguments, each ending with a NUL. */
    const char *argv[MAX_ARGUMENTS];
    int argc;
};

/* Read the command line of a process. On failure it has no arguments. */
static void read_command(struct command *command, int proc, const char *pid)
{
    char path[64];
    snprintf(path, sizeof path, "%.32s/cmdline", pid);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, command->text, sizeof command->text - 1);
    if (fd >= 0)
        close(fd);
    len = len < 0 ? 0 : len;
    command->text[len] = '\0';
    command->argc = 0;
    for (const char *at = command->text; at < command->text + len && command->argc < MAX_ARGUMENTS;
         at += strlen(at) + 1)
        command->argv[command->argc++] = at;
}

/* The value of an option like --store, or NULL. The last one counts. */
static const char *find_option(const struct command *command, const char *name)
{
    size_t len = strlen(name);
    const char *value = NULL;
    for (int i = 2; i < command->argc; i++) {
        const char *at = command->argv[i];
        if (!strncmp(at, name, len) && at[len] == '=')
            value = at + len + 1;
        else if (!strcmp(at, name) && i + 1 < command->argc)
            value = command->argv[++i];
    }
    return value;
}

static bool is_pool(const struct command *command)
{
    const char *slash = command->argc > 1 ? strrchr(command->argv[0], '/') : NULL;
    return command->argc > 1 && !strcmp(command->argv[1], "pool") &&
           !strcmp(slash ? slash + 1 : command->argv[0], "serverful");
}

/* Whether the path, which may be relative to the directory of the process, is the file. */
static bool is_file(int proc, const char *pid, const char *path, const struct stat *file)
{
    char whole[4096];
    struct stat st;
    snprintf(whole, sizeof whole, "%.32s/cwd/%s", pid, path);
    return !fstatat(proc, *path == '/' ? path : whole, &st, 0) && file_is_same(&st, file);
}

/* Find the program that a process executes. */
static void find_program(struct running *running, int proc, const char *pid)
{
    static const char mark[] = " (deleted)"; /* the kernel appends it */
    char path[64];
    snprintf(path, sizeof path, "%.32s/exe", pid);
    ssize_t len = readlinkat(proc, path, running->program, sizeof running->program - 1);
    size_t end = len < 0 ? 0 : (size_t)len, size = sizeof mark - 1;
    running->is_replaced = end > size && !memcmp(running->program + end - size, mark, size);
    running->program[end - (running->is_replaced ? size : 0)] = '\0';
}

/* Set the fields of `running` if the entry of /proc is a process of the pool. Returns whether it
 * is. */
static bool set_if_pool(struct running *running, int proc, const char *pid,
                        const struct stat *store, const char *default_store)
{
    struct command command;
    struct stat st;
    unsigned number;
    if (!decimal_read_range(str_of(pid), 1, INT_MAX, &number))
        return false;
    read_command(&command, proc, pid);
    if (!is_pool(&command))
        return false;
    const char *path = find_option(&command, "--store");
    if (!is_file(proc, pid, path ? path : default_store, store) || fstatat(proc, pid, &st, 0))
        return false;
    running->pid = (pid_t)number;
    running->uid = st.st_uid;
    find_program(running, proc, pid);
    decimal_read_range(str_of(find_option(&command, "--workers")), 1, POOL_MAX_WORKERS,
                       &running->workers);
    decimal_read_range(str_of(find_option(&command, "--request-timeout")), 0,
                       POOL_MAX_REQUEST_TIMEOUT, &running->request_timeout);
    return true;
}

void running_find_pool(struct running *running, const char *store, const char *default_store)
{
    struct stat file;
    DIR *proc = opendir("/proc");
    *running = (struct running){.workers = pool_default_workers(),
                                .request_timeout = POOL_DEFAULT_REQUEST_TIMEOUT};
    if (proc && !stat(store, &file)) {
        const struct dirent *entry;
        while ((entry = readdir(proc)) &&
               !set_if_pool(running, dirfd(proc), entry->d_name, &file, default_store))
            ;
    }
    if (proc)
        closedir(proc);
}
