/*
 * decimal: whole numbers written in decimal digits.
 *
 * A number is one or more of the digits 0 to 9 and nothing else: no sign, no space, no point.
 * Leading zeros are allowed. A function that returns an error leaves `*value` as it is.
 */
#ifndef UTIL_DECIMAL_H
#define UTIL_DECIMAL_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Read a number of any size. A value that does not fit becomes UINT64_MAX. Returns false where
 * `text` is not a number. */
bool decimal_read(struct str text, uint64_t *value);

/* Read a number from `min` to `max`. Returns false where `text` is not such a number. */
bool decimal_read_range(struct str text, unsigned min, unsigned max, unsigned *value);

/* Read a number from `min` to `max` that a person has set. Returns 0, or -1 with a reason, which
 * calls the setting by `name` and says what is allowed. */
int decimal_parse(const char *name, const char *text, unsigned min, unsigned max, unsigned *value,
                  struct err *err);

#endif
