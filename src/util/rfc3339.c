#include "util/rfc3339.h"

#include <stddef.h>

/* Write `n` decimal digits of a number, and what follows them. Returns the place behind that. */
static char *put_number(char *at, long number, int n, char next)
{
    for (int i = n; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
    at[n] = next;
    return at + n + 1;
}

/*
 * Write the date of a day, counted from 1970-01-01, and "T". A year is taken to begin in March, so that a
 * leap day is its last one; then the first `month` months have (153 * month + 2) / 5 days. 146,097 days
 * are 400 years.
 */
static char *put_date(char *at, long day)
{
    day += 719468; /* from 0000-03-01 on */
    long era = day / 146097, of_era = day % 146097;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100);
    long month = (5 * of_year + 2) / 153;
    at = put_number(at, era * 400 + year + (month >= 10), 4, '-');
    at = put_number(at, month < 10 ? month + 3 : month - 9, 2, '-');
    return put_number(at, of_year - (153 * month + 2) / 5 + 1, 2, 'T');
}

void rfc3339_print(struct timespec time, char text[RFC3339_SIZE])
{
    long second = time.tv_sec % 86400;
    char *at = put_date(text, time.tv_sec / 86400);
    at = put_number(at, second / 3600, 2, ':');
    at = put_number(at, second / 60 % 60, 2, ':');
    at = put_number(at, second % 60, 2, '.');
    at = put_number(at, time.tv_nsec / 1000000, 3, 'Z');
    *at = '\0';
}

void rfc3339_print_now(char text[RFC3339_SIZE])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    rfc3339_print(now, text);
}
