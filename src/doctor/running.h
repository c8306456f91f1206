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
    unsigned workers;         /* value of its --workers, or the default */
    unsigned request_timeout; /* value of its --request-timeout in seconds, or the default */
};

/* Find the pool whose store is the file `store`. A pool without --store uses the path `usual`. */
void running_find(struct running *running, const char *store, const char *usual);

#endif
