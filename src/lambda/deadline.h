/*
 * deadline: exits a process that has not answered an event by its deadline.
 *
 * Lambda itself kills an environment at the deadline, unless several processes share it (prefork.h).
 * There a process that hangs would be lost; when it exits, its parent replaces it.
 */
#ifndef LAMBDA_DEADLINE_H
#define LAMBDA_DEADLINE_H

/* Start the timer for an event with a deadline of `at_ms` milliseconds since 1970. A deadline in
 * the past, or more than 15 minutes away, is ignored: test servers send arbitrary ones. */
void deadline_begin(long long at_ms);

/* Stop the timer. Call this before waiting for the next event: Lambda may freeze the process while
 * it waits. */
void deadline_end(void);

#endif
