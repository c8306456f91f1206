/*
 * record: what a line of an access log says about a request.
 */
#ifndef TRAFFIC_RECORD_H
#define TRAFFIC_RECORD_H

#include "util/str.h"

#include <stdint.h>

/* The value of a number that a line does not have. */
#define RECORD_NONE (-1)

/* What the arrival of a request was computed from. */
enum record_stamp {
    RECORD_START,        /* The time stamp is that of the start. */
    RECORD_END,          /* It is that of the end, and the line has no duration. */
    RECORD_START_OR_END, /* It is one of the two, and the format does not say which. */
    RECORD_MINUS,        /* It is that of the end; the duration was subtracted. */
};

struct record {
    const char *format;   /* The name of the format, static. */
    const char *skip;     /* Why the line is no request to the service, static; NULL: it is one. */
    const char *duration; /* The name of the field that `service_us` is from, static; NULL: none. */
    struct str path;      /* The path without its query, valid as long as the line. */
    int64_t arrival_us;   /* The time of arrival in microseconds of the Unix epoch. */
    int64_t service_us;   /* The time that the service took, or RECORD_NONE. */
    int64_t bytes;        /* The bytes of the response, or RECORD_NONE. */
    int status;           /* The status of the response, from 100 to 999; 0: none. */
    int32_t resolution_us;   /* The resolution of the time stamp: 1000000, 1000 or 1. */
    int32_t utc_offset_s;    /* The seconds that its zone is ahead of UTC. */
    enum record_stamp stamp; /* What `arrival_us` was computed from. */
};

/* Make the time of the end one of the start, by the duration of the request. Whole seconds count as
 * their middle, so that no request is early by half a second on average. */
static inline void record_subtract(struct record *record, int64_t duration_us)
{
    record->arrival_us += (record->resolution_us == 1000000 ? 500000 : 0) - duration_us;
    record->stamp = RECORD_MINUS;
}

/* Why a line is no request to the service. */
#define SKIP_CACHE_HIT    "cache hit"
#define SKIP_CLOUDFRONT   "answered by CloudFront"
#define SKIP_COMMENT      "comment"
#define SKIP_HEALTH_CHECK "health check"
#define SKIP_NO_REQUEST   "no request"
#define SKIP_STATIC_FILE  "static file"

#endif
