#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_EVERY 1024 /* items between two looks at the clock */
#define SHOW_MS     100

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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
    progress->shown = now_ms();
}

void progress_count(struct progress *progress)
{
    progress->n++;
    if (!progress->is_terminal || progress->n % CLOCK_EVERY)
        return;
    int64_t now = now_ms();
    if (now - progress->shown >= SHOW_MS) {
        show_progress(progress, "");
        progress->shown = now;
    }
}

void progress_end(struct progress *progress, bool complete)
{
    if (complete || progress->is_terminal)
        show_progress(progress, complete && !progress->n ? " done\n" : "\n");
}
