/*
 * running: finds the running pool, and its settings, by the command lines of all processes.
 */
#ifndef DOCTOR_RUNNING_H
#define DOCTOR_RUNNING_H

#include <stdbool.h>
#include <sys/types.h>

struct running {
    pid_t pid;                /* One of the pool's processes; 0 if no pool runs. */
    uid_t uid;                /* The user of that process. */
    char program[4096];       /* The path of the program that it executes; "" if unknown. */
    bool is_replaced;         /* Whether that file was removed, and perhaps replaced. */
    unsigned workers;         /* The value of --workers, or the default. */
    unsigned request_timeout; /* The value of --request-timeout in seconds, or the default. */
};

/* Find the pool whose store is the file `store`. A pool without --store uses `default_store`. */
void running_find_pool(struct running *running, const char *store, const char *default_store);

#endif
