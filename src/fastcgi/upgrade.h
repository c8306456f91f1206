/*
 * upgrade: what SIGHUP asks for. The program that now lies at the supervisor's path is tried out in
 * a process of its own, and the supervisor becomes it (takeover.h) if it starts. All else leaves
 * the old program running, and says so in the log.
 *
 * Upgrades come one after the other: one that is wanted while another is on its way begins when
 * that is over.
 */
#ifndef FASTCGI_UPGRADE_H
#define FASTCGI_UPGRADE_H

#include "fastcgi/log.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct upgrade {
    char *const *argv; /* what to run, ended by NULL */
    const struct log *log;
    int scoreboard, listener; /* descriptors that are handed on */
    bool wanted;              /* and not begun */
    pid_t trial;              /* the process that shows whether the program starts; 0: none */
    int64_t began;            /* ns of the monotonic clock */
};

/* Begin the upgrade that is wanted: start the trial, and tell systemd. */
void upgrade_begin(struct upgrade *upgrade);

/* End a trial that takes too long. */
void upgrade_check_time(const struct upgrade *upgrade);

/* The trial has ended, with this status of waitpid(): become the program if all is well. Returns
 * only if not. A signal SIGHUP, which must be blocked, tells the program of an upgrade that is
 * wanted still. */
void upgrade_end(struct upgrade *upgrade, int status);

/* Want nothing any more, and end the trial; whoever waits for it forgets it then. */
void upgrade_cancel(struct upgrade *upgrade);

#endif
