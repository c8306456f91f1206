/*
 * http_status: the table of the HTTP statuses that the programs send and count.
 *
 * To send a further status, add a row to the table in http_status.c and increase HTTP_STATUSES.
 * A status outside the table still works, but has no reason phrase and is counted as "other".
 */
#ifndef UTIL_HTTP_STATUS_H
#define UTIL_HTTP_STATUS_H

#include <stddef.h>

/* The number of rows in the table. */
#define HTTP_STATUSES 15

struct http_status {
    int code;           /* The code: 404. */
    const char *reason; /* The reason phrase of RFC 9110: "Not Found". */
};

/* The table, in ascending order of the codes. */
extern const struct http_status http_statuses[HTTP_STATUSES];

/* Find a status. Returns its row number in the table, or HTTP_STATUSES where it has none. */
size_t http_status_index(int code);

/* Return the reason phrase of a status, or "" where the table does not have it: HTTP allows an
 * empty one. The text is static. */
const char *http_status_reason(int code);

#endif
