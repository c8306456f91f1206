/*
 * credits: the CPU credits of EC2's T types. One credit is one vCPU at 100 % for a minute.
 */
#ifndef SIMULATOR_CREDITS_H
#define SIMULATOR_CREDITS_H

#include <stdbool.h>

struct credits_config {
    double per_minute; /* The credits that a machine earns each minute; 0: it is not burstable. */
    double baseline;   /* The share of each vCPU that it may use without credits, above 0. */
    double most;       /* The most credits that it keeps: those of 24 hours. */
    double
        start; /* The credits that it has when it starts: 0, since T3 and T4g have no launch credits. */
    bool unlimited; /* Whether it may go on at full speed without credits, for money. */
};

/* An account of credits. */
struct credits {
    double
        balance; /* The credits that are left; below 0 after a minute that began with less than it spent. */
    double
        surplus; /* The credits that were spent in advance and are not paid yet, at most those of 24 hours. */
    double billed; /* The surplus credits that cost money. */
};

/*
 * Account for a number of minutes in which `spent` credits were spent. Without credits an unlimited machine spends those of the next 24
 * hours in advance, which later earnings pay back; what it spends beyond them is billed.
 */
void credits_account(struct credits *credits, const struct credits_config *config, double minutes,
                     double spent);

/* Return the speed of a machine with this account, as a share of its full speed. */
double credits_speed(const struct credits *credits, const struct credits_config *config);

#endif
