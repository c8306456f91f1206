/*
 * read_durations: reads how long requests take, from the measurements and from what a scenario assumes.
 */
#ifndef PLANNER_READ_DURATIONS_H
#define PLANNER_READ_DURATIONS_H

#include "planner/read_rows.h"
#include "planner/scenario.h"

/* What a scenario says of its requests, in ms. */
struct request_means {
    double memory_mb; /* The memory size of the function. */
    double billed_ms; /* The billed duration of a request. */
    double init_ms;   /* That of an init. */
    double vm_ms;     /* The processor time on a VM; 0: not known. */
    double managed_ms;
};

/*
 * Read the durations of a scenario: those that were measured, longer or shorter as far as the scenario's mean is another one, or the mean
 * where nothing was measured. `durations` are zeroed, and have
 * a place for each use; durations_free() frees each, also after a failure. Returns 0 or -1 with a reason.
 */
int read_durations(const struct rows_reader *reader, const struct request_means *means,
                   struct durations *durations, struct err *err);

#endif
