#include "fastcgi/status_pages.h"

#include "api/json.h"
#include "fastcgi/scoreboard.h"
#include "snapshot/counts.h"
#include "util/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const state_names[SLOT_STATES] = {[SLOT_STARTING] = "starting",
                                                     [SLOT_IDLE] = "idle",
                                                     [SLOT_READING] = "reading",
                                                     [SLOT_WORKING] = "working"};

static const char *const cause_names[RESTART_CAUSES] = {[RESTART_DIED] = "died",
                                                        [RESTART_TIMEOUT] = "timeout",
                                                        [RESTART_RECYCLED] = "recycled",
                                                        [RESTART_RELOADED] = "reloaded"};

/* Return the seconds since the snapshot was written; 0 if that is unknown. */
static int64_t snapshot_age(const struct scoreboard *scoreboard)
{
    int64_t written = scoreboard->compiler.snapshot_time, now = time(NULL);
    return written && now > written ? now - written : 0;
}

static bool is_worker(const struct slot *slot)
{
    return slot->pid && slot->role == SLOT_WORKER;
}

static int answer_healthz(struct api *api, const struct proxy_event *event,
                          struct proxy_response *response, struct err *err)
{
    (void)event;
    (void)err;
    if (api->snapshot->header)
        buf_add_text(&response->body, "{\"status\": \"ok\"}");
    else
        proxy_response_refuse(response, REFUSE_NOT_HEALTHY, NULL);
    return 0;
}

/* Append the revision of the mapped snapshot, its age, its rows, and the revisions of the store's parts that
 * it was compiled from. */
static void add_snapshot(const struct api *api, struct buf *body)
{
    const struct snapshot_header *header = api->snapshot->header;
    if (!header) {
        buf_add_text(body, "null");
        return;
    }
    struct snapshot_counts counts = snapshot_count_rows(api->snapshot);
    buf_print(body, "{\"revision\": \"%s\", \"age\": %" PRId64 ", \"rows\": {",
              api->snapshot->revision, snapshot_age(api->extra.context));
    for (int i = 0; i < SNAPSHOT_TABLES; i++)
        buf_print(body, "%s\"%s\": %" PRIu64, i ? ", " : "",
                  snapshot_table_name((enum snapshot_table)i), counts.rows[i]);
    buf_add_text(body, "}, \"revisions\": {");
    for (int i = 0; i < SNAPSHOT_PARTS; i++)
        buf_print(body, "%s\"%s\": %" PRIu64, i ? ", " : "",
                  snapshot_part_name((enum snapshot_part)i), header->revisions.parts[i]);
    buf_add_text(body, "}}");
}

static void add_worker(const struct slot *slot, const struct scoreboard *scoreboard,
                       struct buf *body)
{
    int64_t since = slot->since;
    buf_print(body, "{\"pid\": %d, \"state\": \"%s\", \"requests\": %" PRIu64, (int)slot->pid,
              slot->stop_requested ? "ending" : state_names[slot->state], slot->requests);
    if (since)
        buf_print(body, ", \"route\": \"%s\", \"seconds\": %.3f", scoreboard->routes[slot->route],
                  (double)(clock_now() - since) / 1e9);
    buf_add_text(body, "}");
}

static void add_workers(const struct scoreboard *scoreboard, struct buf *body)
{
    const char *separator = "";
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        if (!is_worker(&scoreboard->slots[i]))
            continue;
        buf_add_text(body, separator);
        add_worker(&scoreboard->slots[i], scoreboard, body);
        separator = ", ";
    }
}

static int answer_status(struct api *api, const struct proxy_event *event,
                         struct proxy_response *response, struct err *err)
{
    (void)event;
    (void)err;
    const struct scoreboard *scoreboard = api->extra.context;
    struct buf *body = &response->body;
    const char *store_error = scoreboard_store_error(scoreboard);
    buf_print(body, "{\"pid\": %d, \"uptime\": %" PRId64 ", \"generation\": %" PRIu64,
              (int)getppid(), (clock_now() - scoreboard->started) / CLOCK_S,
              scoreboard->generation);
    buf_add_text(body, ", \"snapshot\": ");
    add_snapshot(api, body);
    buf_add_text(body, ", \"store_error\": ");
    if (*store_error)
        json_add_string(body, str_of(store_error));
    else
        buf_add_text(body, "null");
    buf_print(body, ", \"program\": {\"version\": \"%s\", \"replaced\": %s}", PACKAGE_VERSION,
              scoreboard->program_replaced ? "true" : "false");
    buf_add_text(body, ", \"restarts\": {");
    for (unsigned i = 0; i < RESTART_CAUSES; i++)
        buf_print(body, "%s\"%s\": %" PRIu64, i ? ", " : "", cause_names[i],
                  scoreboard->restarts[i]);
    buf_add_text(body, "}, \"workers\": [");
    add_workers(scoreboard, body);
    buf_add_text(body, "]}");
    return 0;
}

/* Add the lines HELP and TYPE, which come before the values of a metric. */
static void add_metric_head(struct buf *body, const char *name, const char *type, const char *help)
{
    buf_print(body, "# HELP serverful_%s %s\n# TYPE serverful_%s %s\n", name, help, name, type);
}

/* Responses of one route by status, those without a row in http_statuses as "other". */
static void add_route_requests(const struct scoreboard *scoreboard, unsigned route,
                               struct buf *body)
{
    for (unsigned i = 0; i <= HTTP_STATUSES; i++) {
        uint64_t n = scoreboard_sum(scoreboard, &scoreboard->slots[0].counts[route].by_status[i]);
        if (n == 0)
            continue;
        buf_print(body, "serverful_requests_total{route=\"%s\",status=\"",
                  scoreboard->routes[route]);
        if (i < HTTP_STATUSES)
            buf_print(body, "%d", http_statuses[i].code);
        else
            buf_add_text(body, "other");
        buf_print(body, "\"} %" PRIu64 "\n", n);
    }
}

static void add_requests(const struct scoreboard *scoreboard, struct buf *body)
{
    add_metric_head(body, "requests_total", "counter", "Requests answered, by route and status.");
    for (unsigned route = 0; route < scoreboard->n_routes; route++)
        add_route_requests(scoreboard, route, body);
}

static void add_histogram(const struct scoreboard *scoreboard, unsigned route, struct buf *body)
{
    const struct scoreboard_counts *counts = &scoreboard->slots[0].counts[route];
    const char *name = scoreboard->routes[route];
    uint64_t n = 0;
    for (unsigned i = 0; i < SCOREBOARD_BUCKETS; i++) {
        n += scoreboard_sum(scoreboard, &counts->by_time[i]);
        buf_print(body,
                  "serverful_request_duration_seconds_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n",
                  name, scoreboard_buckets[i], n);
    }
    n += scoreboard_sum(scoreboard, &counts->by_time[SCOREBOARD_BUCKETS]);
    buf_print(body,
              "serverful_request_duration_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
              "serverful_request_duration_seconds_sum{route=\"%s\"} %.9f\n"
              "serverful_request_duration_seconds_count{route=\"%s\"} %" PRIu64 "\n",
              name, n, name, (double)scoreboard_sum(scoreboard, &counts->ns) / 1e9, name, n);
}

static void add_worker_metrics(const struct scoreboard *scoreboard, struct buf *body)
{
    unsigned counts[SLOT_STATES] = {0};
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        if (is_worker(&scoreboard->slots[i]))
            counts[scoreboard->slots[i].state]++;
    }
    add_metric_head(body, "workers", "gauge", "Worker processes, by what they do.");
    for (unsigned i = 0; i < SLOT_STATES; i++)
        buf_print(body, "serverful_workers{state=\"%s\"} %u\n", state_names[i], counts[i]);
    add_metric_head(body, "program_replaced", "gauge",
                    "1 while the installed program is another than the running one.");
    buf_print(body, "serverful_program_replaced %d\n", scoreboard->program_replaced);
    add_metric_head(body, "worker_restarts_total", "counter", "Workers replaced, by cause.");
    for (unsigned i = 0; i < RESTART_CAUSES; i++)
        buf_print(body, "serverful_worker_restarts_total{cause=\"%s\"} %" PRIu64 "\n",
                  cause_names[i], scoreboard->restarts[i]);
}

static void add_mapped_snapshot_metrics(const struct snapshot *snapshot, struct buf *body)
{
    struct snapshot_counts counts = snapshot_count_rows(snapshot);
    add_metric_head(body, "snapshot_rows", "gauge", "Rows of each table in the snapshot.");
    for (int i = 0; i < SNAPSHOT_TABLES; i++)
        buf_print(body, "serverful_snapshot_rows{table=\"%s\"} %" PRIu64 "\n",
                  snapshot_table_name((enum snapshot_table)i), counts.rows[i]);
    add_metric_head(body, "snapshot_revision", "gauge", "Revision of each part of the snapshot.");
    for (int i = 0; i < SNAPSHOT_PARTS; i++)
        buf_print(body, "serverful_snapshot_revision{part=\"%s\"} %" PRIu64 "\n",
                  snapshot_part_name((enum snapshot_part)i), snapshot->header->revisions.parts[i]);
}

static void add_snapshot_metrics(const struct api *api, struct buf *body)
{
    const struct scoreboard *scoreboard = api->extra.context;
    if (api->snapshot->header)
        add_mapped_snapshot_metrics(api->snapshot, body);
    add_metric_head(body, "snapshot_age_seconds", "gauge", "Time since the snapshot was written.");
    buf_print(body, "serverful_snapshot_age_seconds %" PRId64 "\n", snapshot_age(scoreboard));
    add_metric_head(body, "snapshots_total", "counter", "Snapshots since the start of the pool.");
    buf_print(body, "serverful_snapshots_total %" PRIu64 "\n", scoreboard->generation);
    add_metric_head(body, "store_ok", "gauge", "1 while the store can be compiled.");
    buf_print(body, "serverful_store_ok %d\n", !*scoreboard_store_error(scoreboard));
    add_metric_head(body, "store_polls_total", "counter", "Polls of the store by the compiler.");
    buf_print(body, "serverful_store_polls_total %" PRIu64 "\n", scoreboard->compiler.polls);
    add_metric_head(body, "compile_errors_total", "counter",
                    "Errors that prevented a compilation.");
    buf_print(body, "serverful_compile_errors_total %" PRIu64 "\n", scoreboard->compiler.errors);
    add_metric_head(body, "start_time_seconds", "gauge", "When the pool was started, since 1970.");
    buf_print(body, "serverful_start_time_seconds %" PRId64 "\n", scoreboard->start_time);
}

static int answer_metrics(struct api *api, const struct proxy_event *event,
                          struct proxy_response *response, struct err *err)
{
    (void)event;
    (void)err;
    const struct scoreboard *scoreboard = api->extra.context;
    struct buf *body = &response->body;
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    add_metric_head(body, "build_info", "gauge", "1, with the version of the running program.");
    buf_add_text(body, "serverful_build_info{version=\"" PACKAGE_VERSION "\"} 1\n");
    add_requests(scoreboard, body);
    add_metric_head(body, "request_duration_seconds", "histogram",
                    "Time from a request's first byte to its answer.");
    for (unsigned route = 0; route < scoreboard->n_routes; route++)
        add_histogram(scoreboard, route, body);
    add_worker_metrics(scoreboard, body);
    add_snapshot_metrics(api, body);
    return 0;
}

const struct route status_pages[] = {
    {"healthz", "/healthz", "GET, HEAD", answer_healthz, .internal = true},
    {"status", "/status", "GET, HEAD", answer_status, .internal = true},
    {"metrics", "/metrics", "GET, HEAD", answer_metrics, .internal = true},
};
