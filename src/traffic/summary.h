/*
 * summary: prints what the tables of traffic say, for a terminal.
 */
#ifndef TRAFFIC_SUMMARY_H
#define TRAFFIC_SUMMARY_H

#include "traffic/results.h"

#include <stdio.h>

/* Print the summary. Control characters become "?". Returns 0 or -1 with a reason. */
int summary_print(const struct results *results, FILE *out, struct err *err);

#endif
