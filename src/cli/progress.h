/*
 * progress: shows on stderr how far a long command is. On a terminal it is one line for each step,
 * whose number grows; elsewhere a line for each step that is complete.
 *
 *     importing words… 349,046
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One step. */
struct progress {
    const char *what; /* The name of the step, such as "importing words"; borrowed. */
    size_t n;         /* The number of items so far. */
    bool is_terminal; /* Whether stderr is a terminal. */
    int64_t shown;    /* When the number was shown last, as of clock_now(). */
};

/* Begin a step. */
void progress_begin(struct progress *progress, const char *what);

/* Count one more item, and show the number from time to time. Cheap. */
void progress_count(struct progress *progress);

/* End a step. `complete` is false where it failed: a reason will follow on a line of its own. */
void progress_end(struct progress *progress, bool complete);

#endif
