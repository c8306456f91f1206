#include "load/schedule.h"

#include "util/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The latest time at which a request can be due, in microseconds: a day. */
#define LATEST_US 86400000000u

/* Parse a line. Returns whether it is one. */
static bool parse_line(struct str line, double not_before, unsigned targets,
                       struct scheduled *request)
{
    struct str rest = str_trim(line, STR_SPACES), due = str_cut(&rest, ' ');
    uint64_t due_us;
    if (!decimal_read(due, &due_us) || due_us > LATEST_US ||
        !decimal_read_range(rest, 0, targets - 1, &request->target))
        return false;
    request->due_us = (double)due_us;
    return request->due_us >= not_before;
}

static int add_request(struct schedule *schedule, struct scheduled request, struct err *err)
{
    /* Room for 4,096 requests, and twice as many each time that it is full. */
    bool is_full = schedule->n == 0 || (schedule->n >= 4096 && !(schedule->n & (schedule->n - 1)));
    if (is_full) {
        size_t room = schedule->n ? 2 * schedule->n : 4096;
        struct scheduled *requests = realloc(schedule->requests, room * sizeof *requests);
        if (!requests)
            return err_errno(err, "cannot keep %zu requests", room);
        schedule->requests = requests;
    }
    schedule->requests[schedule->n++] = request;
    return 0;
}

static int read_lines(struct schedule *schedule, const char *path, FILE *file, unsigned targets,
                      struct err *err)
{
    char line[64];
    struct scheduled request = {0};
    while (fgets(line, sizeof line, file)) {
        if (!parse_line(str_of(line), request.due_us, targets, &request))
            return err_set(err,
                           "%s: line %zu is invalid: use microseconds in ascending order, a space, "
                           "and a target's number from 0 to %u",
                           path, schedule->n + 1, targets - 1);
        if (add_request(schedule, request, err))
            return -1;
    }
    if (ferror(file))
        return err_errno(err, "cannot read %s", path);
    return schedule->n > 0 ? 0 : err_set(err, "%s has no request: write a line for each", path);
}

int schedule_read(struct schedule *schedule, const char *path, unsigned targets, struct err *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return err_errno(err, "cannot open %s", path);
    int failed = read_lines(schedule, path, file, targets, err);
    fclose(file);
    if (!failed)
        schedule->seconds = schedule->requests[schedule->n - 1].due_us / 1e6;
    return failed;
}

double schedule_due(const struct schedule *schedule, size_t i)
{
    if (schedule->requests)
        return i < schedule->n ? schedule->requests[i].due_us : INFINITY;
    double due_us = schedule->rate > 0 ? (double)i / schedule->rate * 1e6 : INFINITY;
    return due_us < schedule->seconds * 1e6 ? due_us : INFINITY;
}

unsigned schedule_target(const struct schedule *schedule, size_t i)
{
    return schedule->requests ? schedule->requests[i].target : 0;
}

void schedule_free(struct schedule *schedule)
{
    free(schedule->requests);
}
