/*
 * escape: text of others, made harmless for a terminal.
 */
#ifndef TRAFFIC_ESCAPE_H
#define TRAFFIC_ESCAPE_H

#include "util/str.h"

/* The room that escape_text() needs for a text of `len` bytes, its NUL included. */
#define ESCAPE_SIZE(len) (4 * (len) + 1)

/* Write a text with \xXX for control characters and bytes that are not ASCII, and a NUL behind it. What
 * does not fit into `size` bytes is cut off. */
void escape_text(struct str text, char *out, size_t size);

#endif
