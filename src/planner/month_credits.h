/*
 * month_credits: the CPU credits of a burstable machine over a month, by the minute.
 */
#ifndef PLANNER_MONTH_CREDITS_H
#define PLANNER_MONTH_CREDITS_H

#include "planner/minutes.h"

/* A machine that has credits. */
struct burstable {
    unsigned vcpus;
    double
        baseline; /* The share of each vCPU that it may use without credits, above 0 and below 1. */
};

/* What came of it, for one machine. */
struct month_credits {
    double billed; /* The surplus credits to pay, in the whole time. */
    double least;  /* The fewest credits, less those that it owes. */
};

/*
 * Account for the credits of one of `machines` machines that share the work of all minutes evenly. An unlimited one goes on without credits. The time
 * begins with the credits with which it ends: a month follows one like it.
 */
struct month_credits month_credits_of(const struct burstable *type, bool unlimited,
                                      const struct minutes *minutes, double machines);

/*
 * Return the least number of machines that never run out of credits. It is not less than `least`.
 */
double month_credits_machines(const struct burstable *type, const struct minutes *minutes,
                              double least);

#endif
