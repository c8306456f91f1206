#include "fastcgi/status_pages.h"

#include "api/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef void page(const struct pages *pages, struct proxy_response *response);

static const char *const state_names[] = {[SLOT_STARTING] = "starting",
                                          [SLOT_IDLE] = "idle",
                                          [SLOT_READING] = "reading",
                                          [SLOT_WORKING] = "working"};

static const char *const cause_names[] = {[CAUSE_DIED] = "died",
                                          [CAUSE_TIMEOUT] = "timeout",
                                          [CAUSE_RECYCLED] = "recycled",
                                          [CAUSE_RELOADED] = "reloaded"};

/* Seconds since the snapshot was made; 0 where nobody knows. */
static int64_t age(const struct scoreboard *scoreboard)
{
    int64_t made = scoreboard->compiler.made, now = time(NULL);
    return made && now > made ? now - made : 0;
}

static bool is_worker(const struct slot *slot)
{
    return slot->pid && slot->role == SLOT_WORKER;
}

static void healthz(const struct pages *pages, struct proxy_response *response)
{
    if (pages->snapshot->header)
        buf_add_text(&response->body, "{\"status\": \"ok\"}");
    else
        proxy_response_error(response, 503, "No snapshot is mapped");
}

static void add_revisions(const struct pages *pages, struct buf *body)
{
    const struct snapshot_header *header = pages->snapshot->header;
    if (!header) {
        buf_add_text(body, "null");
        return;
    }
    buf_print(body,
              "{\"words\": %" PRIu64 ", \"model\": %" PRIu64 ", \"images\": %" PRIu64
              ", \"keywords\": %" PRIu64 ", \"age\": %" PRId64 "}",
              header->revisions.words, header->revisions.model, header->revisions.images,
              header->revisions.keywords, age(pages->scoreboard));
}

static void add_worker(const struct slot *slot, const struct scoreboard *scoreboard,
                       struct buf *body)
{
    int64_t since = slot->since;
    buf_print(body, "{\"pid\": %d, \"state\": \"%s\", \"requests\": %" PRIu64, (int)slot->pid,
              slot->stop_requested ? "ending" : state_names[slot->state], slot->requests);
    if (since)
        buf_print(body, ", \"route\": \"%s\", \"seconds\": %.3f", scoreboard->routes[slot->route],
                  (double)(scoreboard_now() - since) / 1e9);
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

static void status(const struct pages *pages, struct proxy_response *response)
{
    const struct scoreboard *scoreboard = pages->scoreboard;
    struct buf *body = &response->body;
    const char *store_error = scoreboard_store_error(scoreboard);
    buf_print(body, "{\"pid\": %d, \"uptime\": %" PRId64 ", \"generation\": %" PRIu64,
              (int)getppid(), (scoreboard_now() - scoreboard->began_ns) / 1000000000,
              scoreboard->generation);
    buf_add_text(body, ", \"snapshot\": ");
    add_revisions(pages, body);
    buf_add_text(body, ", \"store_error\": ");
    if (*store_error)
        json_add_string(body, str_of(store_error));
    else
        buf_add_text(body, "null");
    buf_add_text(body, ", \"restarts\": {");
    for (unsigned i = 0; i < SCOREBOARD_CAUSES; i++)
        buf_print(body, "%s\"%s\": %" PRIu64, i ? ", " : "", cause_names[i],
                  scoreboard->replaced[i]);
    buf_add_text(body, "}, \"workers\": [");
    add_workers(scoreboard, body);
    buf_add_text(body, "]}");
}

/* The lines of HELP and TYPE that go before a metric. */
static void add_head(struct buf *body, const char *name, const char *type, const char *help)
{
    buf_print(body, "# HELP serverful_%s %s\n# TYPE serverful_%s %s\n", name, help, name, type);
}

static void add_requests(const struct scoreboard *scoreboard, struct buf *body)
{
    add_head(body, "requests_total", "counter", "Requests answered, by route and status.");
    for (unsigned route = 0; route < scoreboard->n_routes; route++) {
        for (unsigned i = 0; i < SCOREBOARD_STATUSES; i++) {
            uint64_t n =
                scoreboard_sum(scoreboard, &scoreboard->slots[0].counts[route].by_status[i]);
            if (n && scoreboard_statuses[i])
                buf_print(body,
                          "serverful_requests_total{route=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                          scoreboard->routes[route], scoreboard_statuses[i], n);
            else if (n)
                buf_print(body,
                          "serverful_requests_total{route=\"%s\",status=\"other\"} %" PRIu64 "\n",
                          scoreboard->routes[route], n);
        }
    }
}

static void add_histogram(const struct scoreboard *scoreboard, unsigned route, struct buf *body)
{
    const struct scoreboard_counts *counts = &scoreboard->slots[0].counts[route];
    const char *name = scoreboard->routes[route];
    uint64_t n = 0;
    for (unsigned i = 0; i < SCOREBOARD_TIMES; i++) {
        n += scoreboard_sum(scoreboard, &counts->by_time[i]);
        buf_print(body,
                  "serverful_request_duration_seconds_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n",
                  name, scoreboard_times[i], n);
    }
    n += scoreboard_sum(scoreboard, &counts->by_time[SCOREBOARD_TIMES]);
    buf_print(body,
              "serverful_request_duration_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
              "serverful_request_duration_seconds_sum{route=\"%s\"} %.9f\n"
              "serverful_request_duration_seconds_count{route=\"%s\"} %" PRIu64 "\n",
              name, n, name, (double)scoreboard_sum(scoreboard, &counts->ns) / 1e9, name, n);
}

static void add_worker_metrics(const struct scoreboard *scoreboard, struct buf *body)
{
    unsigned counts[sizeof state_names / sizeof *state_names] = {0};
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        if (is_worker(&scoreboard->slots[i]))
            counts[scoreboard->slots[i].state]++;
    }
    add_head(body, "workers", "gauge", "Worker processes, by what they do.");
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        buf_print(body, "serverful_workers{state=\"%s\"} %u\n", state_names[i], counts[i]);
    add_head(body, "worker_restarts_total", "counter", "Workers replaced, by cause.");
    for (unsigned i = 0; i < SCOREBOARD_CAUSES; i++)
        buf_print(body, "serverful_worker_restarts_total{cause=\"%s\"} %" PRIu64 "\n",
                  cause_names[i], scoreboard->replaced[i]);
}

static void add_snapshot_metrics(const struct pages *pages, struct buf *body)
{
    const struct scoreboard *scoreboard = pages->scoreboard;
    const struct snapshot_header *header = pages->snapshot->header;
    if (header) {
        add_head(body, "snapshot_revision", "gauge", "Revision of each part of the snapshot.");
        buf_print(body,
                  "serverful_snapshot_revision{part=\"words\"} %" PRIu64 "\n"
                  "serverful_snapshot_revision{part=\"model\"} %" PRIu64 "\n"
                  "serverful_snapshot_revision{part=\"images\"} %" PRIu64 "\n"
                  "serverful_snapshot_revision{part=\"keywords\"} %" PRIu64 "\n",
                  header->revisions.words, header->revisions.model, header->revisions.images,
                  header->revisions.keywords);
    }
    add_head(body, "snapshot_age_seconds", "gauge", "Time since the snapshot was written.");
    buf_print(body, "serverful_snapshot_age_seconds %" PRId64 "\n", age(scoreboard));
    add_head(body, "snapshot_generation", "counter", "Snapshots since the start of the pool.");
    buf_print(body, "serverful_snapshot_generation %" PRIu64 "\n", scoreboard->generation);
    add_head(body, "store_ok", "gauge", "1 while the store can be compiled.");
    buf_print(body, "serverful_store_ok %d\n", !*scoreboard_store_error(scoreboard));
    add_head(body, "compile_errors_total", "counter", "Complaints about the store.");
    buf_print(body, "serverful_compile_errors_total %" PRIu64 "\n", scoreboard->compiler.failures);
    add_head(body, "start_time_seconds", "gauge", "When the pool was started, since 1970.");
    buf_print(body, "serverful_start_time_seconds %" PRId64 "\n", scoreboard->began);
}

static void metrics(const struct pages *pages, struct proxy_response *response)
{
    const struct scoreboard *scoreboard = pages->scoreboard;
    struct buf *body = &response->body;
    add_requests(scoreboard, body);
    add_head(body, "request_duration_seconds", "histogram",
             "Time from a request's first byte to its answer.");
    for (unsigned route = 0; route < scoreboard->n_routes; route++)
        add_histogram(scoreboard, route, body);
    add_worker_metrics(scoreboard, body);
    add_snapshot_metrics(pages, body);
}

static const struct {
    const char *name, *type;
    page *fill;
} table[] = {
    {"healthz", PROXY_JSON, healthz},
    {"status", PROXY_JSON, status},
    {"metrics", "text/plain; version=0.0.4; charset=utf-8", metrics},
};

#define N_PAGES (sizeof table / sizeof *table)

/* The page at a path, N_PAGES where there is none. */
static size_t find(struct str path)
{
    size_t i = 0;
    while (i < N_PAGES && !(path.len == strlen(table[i].name) + 1 && path.at[0] == '/' &&
                            !memcmp(path.at + 1, table[i].name, path.len - 1)))
        i++;
    return i;
}

const char *pages_at(unsigned i)
{
    return i < N_PAGES ? table[i].name : NULL;
}

const char *pages_name(struct str path)
{
    size_t i = find(path);
    return i < N_PAGES ? table[i].name : NULL;
}

void pages_answer(const struct pages *pages, const struct proxy_event *event,
                  struct proxy_response *response)
{
    size_t i = find(event->path);
    bool head = str_is(event->method, "HEAD");
    const char *type = table[i].type;
    proxy_response_reset(response);
    if (!head && !str_is(event->method, "GET")) {
        proxy_response_error(response, 405, "Method not allowed");
        proxy_response_header(response, "Allow", "GET, HEAD");
        type = table[0].type;
    } else {
        table[i].fill(pages, response);
    }
    proxy_response_header(response, "Content-Type", type);
    proxy_response_header(response, "Cache-Control", "no-store");
    response->content_length = response->body.len;
    if (head)
        buf_reset(&response->body);
}
