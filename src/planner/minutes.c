#include "planner/minutes.h"

#include <stdlib.h>

uint32_t *minutes_of(const struct counts *counts, struct err *err)
{
    size_t n = (counts->seconds + 59) / 60;
    uint32_t *requests = calloc(n, sizeof *requests);
    if (!requests) {
        err_errno(err, "cannot keep the requests of %zu minutes", n);
        return NULL;
    }
    for (size_t i = 0; i < counts->seconds; i++)
        requests[i / 60] += counts->by_second[i];
    return requests;
}
