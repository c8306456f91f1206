/*
 * media_type: what a Content-Type header says.
 */
#ifndef API_MEDIA_TYPE_H
#define API_MEDIA_TYPE_H

#include "util/str.h"

#include <stdbool.h>

/* Whether the header's value names this media type ("text/plain"), in any case and with any
 * parameters, and means UTF-8: a charset, where there is one, is utf-8 or us-ascii. */
bool media_type_is(struct str header, const char *type);

#endif
