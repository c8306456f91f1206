/*
 * back_off: a pause before a process that died at its start is replaced. It doubles with every such
 * death, from 0.1 s to 5 s, so that a pool that cannot work does not spend all its time on forking.
 */
#ifndef FASTCGI_BACK_OFF_H
#define FASTCGI_BACK_OFF_H

#include <stdbool.h>
#include <stdint.h>

/* The back-off of all processes of one role. A zeroed struct has no pause. */
struct back_off {
    unsigned early_deaths; /* The number of processes in a row that died at their start. */
    int64_t not_before;    /* The end of the pause, as clock_now() counts. */
};

/* Whether a process may be started now. */
bool back_off_is_over(const struct back_off *back_off);

/* A process has died. If that was at its start (`early`), the next pause begins; otherwise the
 * count of early deaths begins again at 0. */
void back_off_record_death(struct back_off *back_off, bool early);

/* fork() has failed: pause for a second. */
void back_off_record_fork_failure(struct back_off *back_off);

#endif
