/*
 * prefork: one process for each invocation that an environment of Lambda Managed Instances may run
 * at once. Lambda sets their number in AWS_LAMBDA_MAX_CONCURRENCY.
 */
#ifndef LAMBDA_PREFORK_H
#define LAMBDA_PREFORK_H

#include "util/err.h"

/* The largest number of processes. */
#define PREFORK_MAX 1000

/* Parse the number of processes, 1 to PREFORK_MAX; NULL and "" mean 1. Returns 0 and sets `*n`, or
 * returns -1 with a reason. */
int prefork_parse(const char *text, unsigned *n, struct err *err);

/*
 * Start `n` child processes and return 0 in each of them. The parent does not return: it replaces
 * each child that ends, and logs that. It returns -1 with a reason only where it cannot
 * fork, or where children keep ending right after their start. The children die with the parent.
 */
int prefork(unsigned n, struct err *err);

#endif
