/*
 * log_facts: what is known of a log file after it was read.
 */
#ifndef TRAFFIC_LOG_FACTS_H
#define TRAFFIC_LOG_FACTS_H

#include "traffic/escape.h"
#include "traffic/record.h"

#include <stdbool.h>

#define LOG_FACTS_REFUSED 5   /* The refused lines that are kept. */
#define LOG_FACTS_TEXT    160 /* The bytes of each that are kept. */
#define LOG_FACTS_REASONS 6   /* The most reasons for skipping a line. */

struct log_facts_refused {
    uint64_t line;      /* The number of the line; the first is 1. */
    const char *reason; /* Static. */
    char text[ESCAPE_SIZE(LOG_FACTS_TEXT)];
};

struct log_facts {
    const char *path;   /* Borrowed. */
    const char *format; /* Static. */
    uint64_t lines, requests, n_refused;
    int64_t first_second, last_second; /* Of the arrivals, if there is a request. */
    int32_t resolution_us;             /* The coarsest of the time stamps. */
    int32_t utc_offset_s;              /* Of the first request. */
    enum record_stamp stamp;           /* Of the last request. */
    const char *duration;              /* Of the last request that has one, static; NULL: none. */
    struct {
        const char *reason; /* Static. */
        uint64_t n;
    } skipped[LOG_FACTS_REASONS];                        /* The end has no reason. */
    struct log_facts_refused refused[LOG_FACTS_REFUSED]; /* The first of n_refused. */
};

/* Count a line that cannot be read. */
void log_facts_refuse(struct log_facts *facts, const char *reason, struct str line);

/* Count a line that is no request to the service. */
void log_facts_skip(struct log_facts *facts, const char *reason);

/* Count a request. */
void log_facts_add(struct log_facts *facts, const struct record *record);

#endif
