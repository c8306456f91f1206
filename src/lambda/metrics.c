#include "lambda/metrics.h"

#include "util/clock.h"

#include <unistd.h>

/* The longest name of a namespace, in bytes. */
#define MAX_NAME 255

/* Whether a namespace may have this name, of which CloudWatch keeps some for AWS and refuses others. */
static bool is_namespace(const char *name, size_t len)
{
    static const char allowed[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_/#: ";
    return len <= MAX_NAME && strspn(name, allowed) == len && strspn(name, " ") < len &&
           name[0] != ':' && strncmp(name, "AWS/", strlen("AWS/")) != 0;
}

int metrics_open(struct metrics *metrics, const char *name, struct err *err)
{
    size_t len = name ? strlen(name) : 0;
    if (len > 0 && !is_namespace(name, len))
        return err_set(
            err,
            "invalid SERVERFUL_METRICS '%.40s': use the name of a namespace of CloudWatch, "
            "at most %d letters, digits and characters of .-_/#:, not AWS/ or : first",
            name, MAX_NAME);
    metrics->name = (struct str){name, len};
    return 0;
}

void metrics_begin(struct metrics *metrics)
{
    if (metrics->name.len > 0)
        metrics->began = clock_now();
}

void metrics_end(struct metrics *metrics)
{
    if (metrics->name.len > 0)
        metrics->took = clock_now() - metrics->began;
}

void metrics_write(struct metrics *metrics, const char *route, int status, const char *id)
{
    struct buf *line = &metrics->line;
    if (metrics->name.len == 0)
        return;
    buf_reset(line);
    buf_print(line,
              "{\"_aws\": {\"Timestamp\": %lld, \"CloudWatchMetrics\": [{\"Namespace\": \"%s\", "
              "\"Dimensions\": [[\"Route\", \"Status\"]], "
              "\"Metrics\": [{\"Name\": \"Duration\", \"Unit\": \"Milliseconds\"}]}]}, "
              "\"Route\": \"%s\", \"Status\": \"%d\", \"Duration\": %.3f, \"requestId\": \"%s\"}\n",
              clock_wall_ms(), metrics->name.at, route, status,
              (double)metrics->took / (double)CLOCK_MS, id);
    ssize_t written = line->failed ? 0 : write(STDOUT_FILENO, line->at, line->len);
    (void)written;
}

void metrics_free(struct metrics *metrics)
{
    buf_free(&metrics->line);
}
