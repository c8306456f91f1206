/*
 * autoscale: how many machines a fleet has that follows its load as AWS's target tracking does, by the minute.
 */
#ifndef PLANNER_AUTOSCALE_H
#define PLANNER_AUTOSCALE_H

#include "planner/minutes.h"

struct autoscale_config {
    double vcpus;        /* Those of a machine. */
    double target;       /* The utilisation that it keeps, above 0. */
    size_t boot_minutes; /* The minutes until a new machine serves. */
    double least;        /* The least number of machines. */
    double
        most_work; /* The seconds of work that a machine can do in a minute and still answer in time. */
};

/*
 * Return the mean number of machines, those that boot included, with the least minimum, from `least` to `most`, with which 99 % of the
 * requests come in minutes in which the machines can answer in time.
 */
double autoscale_mean(const struct autoscale_config *config, const struct minutes *minutes,
                      double most);

#endif
