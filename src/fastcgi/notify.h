/*
 * notify: tells systemd how the service is, where systemd asked for it (see sd_notify(3)).
 */
#ifndef FASTCGI_NOTIFY_H
#define FASTCGI_NOTIFY_H

#include <stdint.h>

/* Send a state, such as "READY=1", to the socket that $NOTIFY_SOCKET names, if it names one. Nobody
 * is told where that fails: the service goes on without. */
void notify_send(const char *state);

/* How often systemd expects "WATCHDOG=1", in ns; 0: never. */
int64_t notify_watchdog(void);

#endif
