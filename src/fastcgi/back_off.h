/*
 * back_off: a pause before processes that end at their start are replaced, twice as long each time,
 * so that a pool that cannot work does not spend all its time on starting it.
 */
#ifndef FASTCGI_BACK_OFF_H
#define FASTCGI_BACK_OFF_H

#include <stdbool.h>
#include <stdint.h>

/* Of the processes of one role. A zeroed struct is no pause. */
struct back_off {
    unsigned early_ends; /* in a row */
    int64_t not_before;  /* ns of the monotonic clock */
};

/* Whether the pause, if there is one, is over. */
bool back_off_over(const struct back_off *back_off);

/* A process has ended: at its start or, which forgets the earlier ones, later. */
void back_off_count(struct back_off *back_off, bool early);

/* None could be started at all: try again in a second. */
void back_off_second(struct back_off *back_off);

#endif
