#include "fastcgi/back_off.h"

#include "util/clock.h"

#define FIRST_PAUSE   (100 * CLOCK_MS)
#define LONGEST_PAUSE (5000 * CLOCK_MS)
#define MAX_DOUBLINGS 6 /* FIRST_PAUSE, doubled so often, is longer than LONGEST_PAUSE */

bool back_off_is_over(const struct back_off *back_off)
{
    return clock_now() >= back_off->not_before;
}

void back_off_record_death(struct back_off *back_off, bool early)
{
    if (!early) {
        back_off->early_deaths = 0;
        return;
    }
    unsigned doublings =
        back_off->early_deaths < MAX_DOUBLINGS ? back_off->early_deaths : MAX_DOUBLINGS;
    int64_t pause = FIRST_PAUSE << doublings;
    back_off->early_deaths++;
    back_off->not_before = clock_now() + (pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE);
}

void back_off_record_fork_failure(struct back_off *back_off)
{
    back_off->not_before = clock_now() + CLOCK_S;
}
