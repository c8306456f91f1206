/*
 * number: the numbers in the lines of access logs.
 */
#ifndef TRAFFIC_NUMBER_H
#define TRAFFIC_NUMBER_H

#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Read exactly `n` decimal digits, at most 9. Returns false where one of them is no digit. */
static inline bool number_digits(const char *at, int n, int *value)
{
    unsigned sum = 0, digit = 0;
    for (int i = 0; i < n && digit <= 9; i++) {
        digit = (unsigned char)at[i] - (unsigned)'0';
        sum = sum * 10 + digit;
    }
    *value = (int)sum;
    return digit <= 9;
}

/* Read a number of bytes; "-" and the empty text are RECORD_NONE. Returns false where `text` is
 * neither, or more than 10^15. */
bool number_bytes(struct str text, int64_t *bytes);

/* Read a status; "-" and the empty text are 0. Returns false where `text` is neither. */
bool number_status(struct str text, int *status);

/* Read a decimal number without sign and exponent, such as "0.014", and multiply it by `unit`, which is
 * from 1 to 10^6. The number is below 10^12; digits behind the ninth of its fraction are ignored.
 * `*decimals`, unless it is NULL, becomes the number of digits behind the point. Returns false where
 * `text` is no such number. */
bool number_decimal(struct str text, int64_t unit, int64_t *value, int *decimals);

/* Read a duration whose unit has `unit` microseconds. Of a list with commas and colons, as nginx writes
 * one for retries and internal redirects, the sum counts. What is no duration, such as "-", is
 * RECORD_NONE. */
int64_t number_duration(struct str text, int64_t unit);

#endif
