/*
 * media_type: reads a Content-Type header.
 */
#ifndef API_MEDIA_TYPE_H
#define API_MEDIA_TYPE_H

#include "util/str.h"

#include <stdbool.h>

/*
 * Return whether the value of a Content-Type header names the media type `type` ("text/plain") and
 * the text is UTF-8: every charset parameter must be utf-8, utf8 or us-ascii. Other parameters are
 * ignored. Upper and lower case are the same.
 */
bool media_type_is(struct str header, const char *type);

#endif
