#include "fastcgi/upgrade.h"

#include "fastcgi/notify.h"
#include "fastcgi/scoreboard.h"
#include "fastcgi/takeover.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#define TRIAL_NS 10000000000LL /* how long a new program may take to say that it can start */

static void give_up(const struct upgrade *upgrade, const char *reason)
{
    log_say(upgrade->log, "%s: the program that runs goes on", reason);
}

void upgrade_begin(struct upgrade *upgrade)
{
    struct err err;
    char state[64];
    upgrade->wanted = false;
    upgrade->began = scoreboard_now();
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, upgrade->began / 1000);
    notify_send(state);
    upgrade->trial = takeover_try(
        upgrade->argv, &(struct takeover){upgrade->scoreboard, upgrade->listener, true}, &err);
    if (upgrade->trial < 0) {
        upgrade->trial = 0;
        give_up(upgrade, err.text);
    }
}

void upgrade_check_time(const struct upgrade *upgrade)
{
    if (upgrade->trial && scoreboard_now() - upgrade->began > TRIAL_NS)
        kill(upgrade->trial, SIGKILL);
}

void upgrade_end(struct upgrade *upgrade, int status)
{
    struct err err;
    upgrade->trial = 0;
    if (status) {
        err_set(&err, "%s does not start", upgrade->argv[0]);
    } else {
        if (upgrade->wanted)
            raise(SIGHUP);
        takeover_run(upgrade->argv,
                     &(struct takeover){upgrade->scoreboard, upgrade->listener, false}, &err);
    }
    give_up(upgrade, err.text);
}

void upgrade_cancel(struct upgrade *upgrade)
{
    upgrade->wanted = false;
    if (upgrade->trial)
        kill(upgrade->trial, SIGKILL);
}
