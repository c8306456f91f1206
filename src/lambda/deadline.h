/*
 * deadline: ends a process that has not answered an event by its deadline.
 *
 * Nobody waits for the answer then. Where a process has an environment of its own, Lambda has ended
 * it by that time; where several share one, it cannot, and a process that hangs would be one less.
 */
#ifndef LAMBDA_DEADLINE_H
#define LAMBDA_DEADLINE_H

/* Lambda's longest time for an event, in milliseconds. */
#define DEADLINE_MOST_MS (15 * 60 * 1000)

/* Begin to answer an event that is to be answered `at_ms` milliseconds after 1970 began. A deadline
 * that is past, or further away than there are any, is none: test servers send whatever they like.
 */
void deadline_begin(long long at_ms);

/* The event is answered. To be called before the process waits for another: it may be frozen then.
 */
void deadline_end(void);

#endif
