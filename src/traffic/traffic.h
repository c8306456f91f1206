/*
 * traffic: reads access logs, writes what they say into results.db, and prints a summary.
 */
#ifndef TRAFFIC_TRAFFIC_H
#define TRAFFIC_TRAFFIC_H

#include "util/err.h"

#include <stdio.h>

/* The endpoints that first segments of paths name in the end. */
#define TRAFFIC_NAMED 20

/* Read the log files `paths`, of which "-" is the standard input, in place of the traffic that the file
 * `results` has. All of it is written, or nothing. Prints a summary to `out`. Returns 0 or -1 with a
 * reason. */
int traffic_read(const char *results, const char *const *paths, int n, FILE *out, struct err *err);

#endif
