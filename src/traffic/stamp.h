/*
 * stamp: the time stamps of access logs.
 */
#ifndef TRAFFIC_STAMP_H
#define TRAFFIC_STAMP_H

#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* The bytes of a time stamp such as "02/Nov/2026:10:15:03 +0100". */
#define STAMP_CLF_SIZE 26

struct stamp {
    int64_t us;            /* The microseconds of the Unix epoch, of the years 1970 to 9999. */
    int32_t resolution_us; /* 1000000, 1000 or 1, by the digits that it has. */
    int32_t utc_offset_s;  /* The seconds that its zone is ahead of UTC. */
};

/* Read a time stamp of the Common Log Format: STAMP_CLF_SIZE bytes. Returns false where it is none. */
bool stamp_read_clf(const char *at, struct stamp *stamp);

/* Read a date, "2026-11-02", and a time, "09:15:03", in UTC. Returns false where they are none. */
bool stamp_read_date(struct str date, struct str time, struct stamp *stamp);

/* Read a time stamp of one of these forms. Returns false where it is none:
 *   02/Nov/2026:10:15:03 +0100
 *   2026-11-02T10:15:03.412+01:00      or a blank for T, no fraction, Z, or no zone, for UTC
 *   1793610903.412                     seconds of the Unix epoch; whole numbers also of ms, µs or ns
 */
bool stamp_read(struct str text, struct stamp *stamp);

#endif
