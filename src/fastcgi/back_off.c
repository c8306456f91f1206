#include "fastcgi/back_off.h"

#include "fastcgi/scoreboard.h"

#define MS       1000000LL
#define FIRST_MS 100
#define MAX_MS   5000

bool back_off_over(const struct back_off *back_off)
{
    return scoreboard_now() >= back_off->not_before;
}

void back_off_count(struct back_off *back_off, bool early)
{
    if (!early) {
        back_off->early_ends = 0;
        return;
    }
    int64_t pause = (int64_t)FIRST_MS << (back_off->early_ends < 6 ? back_off->early_ends : 6);
    back_off->early_ends++;
    back_off->not_before = scoreboard_now() + (pause < MAX_MS ? pause : MAX_MS) * MS;
}

void back_off_second(struct back_off *back_off)
{
    back_off->not_before = scoreboard_now() + 1000 * MS;
}
