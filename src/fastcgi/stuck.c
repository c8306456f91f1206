#include "fastcgi/stuck.h"

#include "util/clock.h"

#include <signal.h>

static void log_stuck(const struct scoreboard *scoreboard, const struct slot *slot, unsigned limit,
                      const char *name, const struct log *log)
{
    if (slot->role == SLOT_COMPILER || slot->stopped_since) {
        log_print(log, "%s %d made no progress for %u s; killing it", name, (int)slot->pid, limit);
        return;
    }
    log_print(log,
              "worker %d has been busy with one request for %u s (--request-timeout); killing it: "
              "route %s, id %s, %s",
              (int)slot->pid, limit, scoreboard->routes[slot->route],
              *slot->request_id ? slot->request_id : "unknown",
              slot->state == SLOT_READING ? "still reading the request" : "still answering");
}

void stuck_kill(const struct scoreboard *scoreboard, struct slot *slot, unsigned limit,
                const char *name, const struct log *log)
{
    int64_t since = slot->stopped_since ? slot->stopped_since : slot->since;
    if (!slot->pid || !limit || !since || slot->timed_out || clock_now() - since < limit * CLOCK_S)
        return;
    slot->timed_out = true;
    log_stuck(scoreboard, slot, limit, name, log);
    kill(slot->pid, SIGKILL);
}
