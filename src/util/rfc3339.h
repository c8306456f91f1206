/*
 * rfc3339: writes the time as logs have it, in UTC with milliseconds: "2026-11-29T09:21:28.123Z".
 */
#ifndef UTIL_RFC3339_H
#define UTIL_RFC3339_H

#include <time.h>

/* Bytes of a time, with its NUL. */
#define RFC3339_SIZE 25

/* Write a time of CLOCK_REALTIME, of the years 1970 to 9999. A signal handler may call this, unlike
 * gmtime_r(), which reads the time zone. */
void rfc3339_print(struct timespec time, char text[RFC3339_SIZE]);

/* Write the present time. */
void rfc3339_print_now(char text[RFC3339_SIZE]);

#endif
