/*
 * notify: reports the state of the service to systemd, if systemd asked for it; see sd_notify(3).
 */
#ifndef FASTCGI_NOTIFY_H
#define FASTCGI_NOTIFY_H

#include <stdint.h>

/* Send a state, such as "READY=1", to the socket that $NOTIFY_SOCKET names. Does nothing without
 * that variable, and ignores a failure, since the service can run without systemd. */
void notify_send(const char *state);

/* Return how often systemd expects "WATCHDOG=1", in nanoseconds; 0 for never. */
int64_t notify_watchdog(void);

#endif
