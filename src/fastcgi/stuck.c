#include "fastcgi/stuck.h"

#include <signal.h>

#define SECOND 1000000000LL

static void say(const struct scoreboard *scoreboard, const struct slot *slot, unsigned limit,
                const char *name, const struct log *log)
{
    if (slot->role == SLOT_COMPILER || slot->stopped_since)
        log_say(log, "%s %d has not gone on for %u s, and is ended", name, (int)slot->pid, limit);
    else
        log_say(
            log,
            "worker %d has been busy with one request for %u s (--request-timeout), and is ended; "
            "route %s, id %s, %s",
            (int)slot->pid, limit, scoreboard->routes[slot->route],
            *slot->request ? slot->request : "unknown",
            slot->state == SLOT_READING ? "not all of it has come" : "it was being answered");
}

void stuck_end(const struct scoreboard *scoreboard, struct slot *slot, unsigned limit,
               const char *name, const struct log *log)
{
    int64_t since = slot->stopped_since ? slot->stopped_since : slot->since;
    if (!slot->pid || !limit || !since || slot->timed_out ||
        scoreboard_now() - since < limit * SECOND)
        return;
    slot->timed_out = true;
    say(scoreboard, slot, limit, name, log);
    kill(slot->pid, SIGKILL);
}
