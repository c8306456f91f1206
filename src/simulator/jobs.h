/*
 * jobs: runs independent jobs on several processors.
 */
#ifndef SIMULATOR_JOBS_H
#define SIMULATOR_JOBS_H

#include "util/err.h"

#include <stddef.h>

/*
 * Call `job` with `arg` and each number from 0 to n - 1, on up to `threads` threads at once; at least 1. A job must write to nothing
 * that another one uses. Returns 0 after all of them, or -1 where no thread can be started.
 */
int jobs_run(unsigned threads, size_t n, void (*job)(void *arg, size_t i), void *arg,
             struct err *err);

#endif
