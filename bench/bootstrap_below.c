/*
 * bootstrap_below [ARGUMENT...]: execute the bootstrap of the directory above this program's with the least
 * real-time priority, if real-time priority is allowed.
 *
 * lambda-host starts it as an environment, and has the next higher priority itself: as on AWS, a request
 * comes to it, and to a new environment, also while environments use all processors.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static const char name[] = "/../bootstrap";
    char path[4096];
    (void)argc;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof name);
    if (n > 0) {
        path[n] = '\0';
        char *end = strrchr(path, '/');
        memcpy(end, name, sizeof name);
        if (sched_getscheduler(0) == SCHED_RR)
            sched_setparam(0, &(struct sched_param){.sched_priority = 1});
        execv(path, argv);
    }
    perror("bootstrap_below");
    return 127;
}
