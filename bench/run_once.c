/*
 * run_once PROGRAM [ARGUMENT...]: run a program once with its output to /dev/null, and print the
 * nanoseconds from fork to exit, its peak resident memory in KiB, and its exit status.
 *
 * This program is small on purpose: Linux counts the memory of the forking process into the peak of
 * its child.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void exec_program(char **argv)
{
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: run_once PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    struct rusage usage;
    int status;
    long long begin = now();
    pid_t pid = fork();
    if (pid == 0)
        exec_program(argv + 1);
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
        perror("run_once");
        return 1;
    }
    printf("%lld %ld %d\n", now() - begin, usage.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
