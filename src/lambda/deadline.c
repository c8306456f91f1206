#include "config.h"

#include "lambda/deadline.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* So much later: whoever ends processes at their deadline is to be first. */
#define GRACE_MS 100

static void end(int number)
{
    static const char text[] = "bootstrap: an event was not answered by its deadline\n";
    (void)number;
    _exit(write(STDERR_FILENO, text, sizeof text - 1) < 0 ? 2 : 1);
}

static void set_timer(long long ms)
{
    struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void deadline_begin(long long at_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long long now_ms = (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (at_ms <= now_ms || at_ms - now_ms > DEADLINE_MOST_MS)
        return;
    signal(SIGALRM, end);
    set_timer(at_ms - now_ms + GRACE_MS);
}

void deadline_end(void)
{
    set_timer(0);
}
