/*
 * stuck: kills processes that make no progress.
 */
#ifndef FASTCGI_STUCK_H
#define FASTCGI_STUCK_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"

/*
 * Kill the process in a slot if it has been busy with one request or one compilation, or has been
 * stopped by a signal, for `limit` seconds; with a limit of 0, never. `name` is the process's role
 * in the log, which says what the process was doing.
 */
void stuck_kill(const struct scoreboard *scoreboard, struct slot *slot, unsigned limit,
                const char *name, const struct log *log);

#endif
