#include "lambda/deadline.h"

#include "lambda/event_log.h"
#include "util/aws_limits.h"
#include "util/clock.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

/* Milliseconds after the deadline at which the process exits, so that Lambda can act first. */
#define GRACE_MS 100

static void exit_late(int number)
{
    (void)number;
    event_log_write(EVENT_LOG_ERROR, "no answer by the event's deadline; exiting");
    _exit(1);
}

static void set_timer(long long ms)
{
    struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void deadline_begin(long long at_ms)
{
    long long now_ms = clock_wall_ms();
    if (at_ms <= now_ms || at_ms - now_ms > AWS_MAX_TIMEOUT_S * 1000)
        return;
    signal(SIGALRM, exit_late);
    set_timer(at_ms - now_ms + GRACE_MS);
}

void deadline_end(void)
{
    set_timer(0);
}
