/*
 * language: reads an Accept-Language header.
 */
#ifndef API_LANGUAGE_H
#define API_LANGUAGE_H

#include "util/str.h"

#include <stdbool.h>

/*
 * Return whether the value of an Accept-Language header (RFC 9110) prefers Chinese, of any script and
 * region, to English: it has a higher weight, or the same one and is not named after English. `*` is
 * the weight of English unless the header names English. Other languages are ignored, and so is a range
 * with an invalid weight.
 */
bool language_is_chinese(struct str header);

#endif
