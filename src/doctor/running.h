/*
 * running: the pool that runs, from its command line.
 */
#ifndef DOCTOR_RUNNING_H
#define DOCTOR_RUNNING_H

#include <stdbool.h>
#include <sys/types.h>

struct running {
    pid_t pid; /* one of its processes; 0: no pool runs */
    uid_t uid;
    char workers[16], request_timeout[16]; /* as given to it; "" where the default holds */
};

/* Find the pool whose store is the file `store`, which has the path `usual` unless the pool was
 * told another. */
void running_find(struct running *running, const char *store, const char *usual);

#endif
