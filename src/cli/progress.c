#include "cli/progress.h"

#include "util/clock.h"

#include <stdio.h>
#include <unistd.h>

#define CLOCK_EVERY 1024 /* items between two looks at the clock */
#define SHOW_EVERY  (100 * CLOCK_MS)

/* Show the step, with its number where it has one, in groups of three digits. */
static void show_progress(const struct progress *progress, const char *end)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%zu", progress->n);
    fprintf(stderr, "%s%s…%s", progress->is_terminal ? "\r" : "", progress->what,
            progress->n ? " " : "");
    for (int i = 0; progress->n && i < len; i++)
        fprintf(stderr, "%s%c", i && (len - i) % 3 == 0 ? "," : "", digits[i]);
    fputs(end, stderr);
}

void progress_begin(struct progress *progress, const char *what)
{
    *progress = (struct progress){.what = what, .is_terminal = isatty(STDERR_FILENO)};
    if (progress->is_terminal)
        show_progress(progress, "");
    progress->shown = clock_now();
}

void progress_count(struct progress *progress)
{
    progress->n++;
    if (!progress->is_terminal || progress->n % CLOCK_EVERY)
        return;
    int64_t now = clock_now();
    if (now - progress->shown >= SHOW_EVERY) {
        show_progress(progress, "");
        progress->shown = now;
    }
}

void progress_end(struct progress *progress, bool complete)
{
    if (complete || progress->is_terminal)
        show_progress(progress, complete && !progress->n ? " done\n" : "\n");
}
