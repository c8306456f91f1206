/*
 * run_once PROGRAM [ARGUMENT...]: runs a program once, with its output to /dev/null, and prints the
 * nanoseconds from fork to exit, the peak of its resident memory in KiB, and its exit status.
 *
 * A program that is small itself has to do this: Linux counts the memory of the process that forked
 * into the peak of the one that came of it.
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

static void become(char **argv)
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
        become(argv + 1);
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
        perror("run_once");
        return 1;
    }
    printf("%lld %ld %d\n", now() - begin, usage.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
