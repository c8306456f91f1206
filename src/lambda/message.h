/*
 * message: writes a message for a person, such as the reason of a failure, as a JSON string.
 */
#ifndef LAMBDA_MESSAGE_H
#define LAMBDA_MESSAGE_H

#include "util/buf.h"

/* The most bytes of a message, with its NUL. */
#define MESSAGE_SIZE 1024

/* Append `text` as a JSON string, with '?' for each byte of invalid UTF-8, such as a character that is
 * cut at the end of a message. What is longer than MESSAGE_SIZE is cut off. */
void message_add(struct buf *out, const char *text);

#endif
