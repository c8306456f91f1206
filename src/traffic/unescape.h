/*
 * unescape: undoes the escapes of log lines.
 */
#ifndef TRAFFIC_UNESCAPE_H
#define TRAFFIC_UNESCAPE_H

#include "util/str.h"

/* Undo \xXX, as nginx, Apache and ALB write it, and the escapes of JSON, in `room`, which has at least
 * the length of `text`. Surrogates stay as they are. Returns the text, which is `text` itself where
 * that has no escape. */
struct str unescape(struct str text, char *room);

#endif
