/*
 * stuck: ends processes that do not go on.
 */
#ifndef FASTCGI_STUCK_H
#define FASTCGI_STUCK_H

#include "fastcgi/log.h"
#include "fastcgi/scoreboard.h"

/*
 * Kill the process of a slot where it has been busy with one thing, or was stopped by a signal, for
 * `limit` seconds; 0 is any time. The log tells what it was doing. The process is called `name`.
 */
void stuck_end(const struct scoreboard *scoreboard, struct slot *slot, unsigned limit,
               const char *name, const struct log *log);

#endif
