/*
 * processes: one process for each of the invocations that may run at once in an environment, as on
 * Lambda Managed Instances. Lambda says how many in AWS_LAMBDA_MAX_CONCURRENCY.
 */
#ifndef LAMBDA_PREFORK_H
#define LAMBDA_PREFORK_H

#include "util/err.h"

/* More are not started. */
#define PREFORK_MAX 1000

/* Read the number of processes, which is a number from 1 to PREFORK_MAX; NULL and "" are 1.
 * Returns 0, and sets `*n`, or -1 with a reason. */
int prefork_parse(const char *text, unsigned *n, struct err *err);

/*
 * Become `n` processes. Returns 0 in each of them. The caller stays behind as their parent and puts
 * another in the place of each that ends, with a line on stderr; it returns, with -1 and a reason,
 * only where that is of no use: it cannot fork, or they end as soon as they have started. They end
 * when it ends.
 */
int prefork(unsigned n, struct err *err);

#endif
