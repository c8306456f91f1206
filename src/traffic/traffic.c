#include "traffic/traffic.h"

#include "traffic/format.h"
#include "traffic/log_file.h"
#include "traffic/results.h"
#include "traffic/same_file.h"
#include "traffic/summary.h"

#include <stdlib.h>

/* What is counted while log files are read. Its size does not depend on them. */
struct reading {
    struct results results;
    struct endpoints *endpoints;
    struct arrivals *arrivals;
    struct format_state *state;
    struct tally **tallies; /* [endpoints_count()] Owned; NULL: the endpoint has no request. */
    int n_tallies;
};

/* Return the tally of an endpoint, or NULL without memory. */
static struct tally *find_tally(struct reading *reading, int endpoint)
{
    if (endpoint >= reading->n_tallies) {
        int n = endpoints_count(reading->endpoints);
        struct tally **more = realloc(reading->tallies, (size_t)n * sizeof *more);
        if (!more)
            return NULL;
        for (int i = reading->n_tallies; i < n; i++)
            more[i] = NULL;
        reading->tallies = more;
        reading->n_tallies = n;
    }
    if (!reading->tallies[endpoint])
        reading->tallies[endpoint] = calloc(1, sizeof(struct tally));
    return reading->tallies[endpoint];
}

/* Write the arrivals that are counted so far. */
static int flush_arrivals(struct reading *reading, struct err *err)
{
    const struct arrival *entries;
    uint32_t n = arrivals_take(reading->arrivals, &entries);
    return results_add_arrivals(&reading->results, entries, n, err);
}

/* Count a request. */
static int add_request(struct reading *reading, struct log_facts *facts, struct record *record,
                       struct err *err)
{
    int endpoint = endpoints_find(reading->endpoints, record->path);
    if (endpoint == ENDPOINTS_STATIC) {
        log_facts_skip(facts, SKIP_STATIC_FILE);
        return 0;
    }
    struct tally *tally = find_tally(reading, endpoint);
    if (!tally)
        return err_set(err, "out of memory for an endpoint");
    tally_add(tally, record);
    log_facts_add(facts, record);
    bool is_full = arrivals_add(reading->arrivals, record->arrival_us / 1000000, endpoint);
    return is_full ? flush_arrivals(reading, err) : 0;
}

/* Count a line. */
static int add_line(struct reading *reading, struct log_facts *facts, format_reader *read,
                    struct str line, struct err *err)
{
    struct record record;
    const char *reason = format_read(read, reading->state, line, &record);
    if (!reason && record.arrival_us < 0)
        reason = "too long a duration"; /* the request would have arrived before 1970 */
    if (!reason && !record.skip)
        return add_request(reading, facts, &record, err);
    if (reason)
        log_facts_refuse(facts, reason, line);
    else
        log_facts_skip(facts, record.skip);
    return 0;
}

/* Read all lines. */
static int read_lines(struct reading *reading, struct log_file *file, struct log_facts *facts,
                      format_reader *read, struct err *err)
{
    struct str line;
    bool is_too_long;
    int got, status = 0;
    memset(reading->state, 0, sizeof *reading->state);
    while (!status && (got = log_file_next(file, &line, &is_too_long, err)) != 0) {
        facts->lines++;
        if (got < 0)
            status = -1;
        else if (is_too_long)
            log_facts_refuse(facts, "too long", line);
        else
            status = add_line(reading, facts, read, line, err);
    }
    return status;
}

/* Say that a log has no known format. */
static int refuse_format(const char *path, struct str text, struct err *err)
{
    char line[ESCAPE_SIZE(80)];
    struct str first = str_cut(&text, '\n');
    escape_text((struct str){first.at, first.len < 80 ? first.len : 80}, line, sizeof line);
    return err_set(
        err, "%s: unknown format (known are " FORMAT_NAMES "); its first line begins with: %s",
        path, line);
}

/* Read an open log file. */
static int read_file(struct reading *reading, struct log_file *file, struct log_facts *facts,
                     struct err *err)
{
    struct str text;
    struct format format = {"empty", NULL};
    if (log_file_peek(file, &text, err))
        return -1;
    if (text.len == 0) {
        facts->format = format.name;
        return 0;
    }
    if (!format_find(text, reading->state, &format))
        return refuse_format(facts->path, text, err);
    facts->format = format.name;
    return read_lines(reading, file, facts, format.read, err);
}

/* Read the log file number `id`. */
static int read_path(struct reading *reading, int id, const char *path, struct err *err)
{
    struct log_facts facts = {.path = path};
    struct log_file *file = log_file_open(path, err);
    int status = file ? read_file(reading, file, &facts, err) : -1;
    log_file_close(file);
    return status ? status : results_add_file(&reading->results, id, &facts, err);
}

/* The requests of the endpoint that has the most among those that a first segment has named and that
 * are not kept yet; -1: none. */
static int find_busiest(const struct reading *reading, const bool *is_kept)
{
    int best = -1;
    for (int i = 0; i < reading->n_tallies; i++) {
        if (reading->tallies[i] && !is_kept[i] &&
            (best < 0 || reading->tallies[i]->requests > reading->tallies[best]->requests))
            best = i;
    }
    return best;
}

/* Decide which endpoints are kept: those that a pattern names, and the busiest of the others. */
static void choose_endpoints(const struct reading *reading, bool *is_kept)
{
    for (int i = 0; i < reading->n_tallies; i++)
        is_kept[i] = endpoints_is_mapped(reading->endpoints, i);
    for (int n = 0, i; n < TRAFFIC_NAMED && (i = find_busiest(reading, is_kept)) >= 0; n++)
        is_kept[i] = true;
}

/* Write the endpoints; those that are not kept are ENDPOINTS_OTHER. */
static int write_endpoints(struct reading *reading, const bool *is_kept, struct err *err)
{
    bool has_folded = false;
    for (int i = 0; i < reading->n_tallies; i++) {
        if (!reading->tallies[i] || is_kept[i])
            continue;
        tally_merge(reading->tallies[ENDPOINTS_OTHER], reading->tallies[i]);
        has_folded = true;
    }
    for (int i = 0; i < reading->n_tallies; i++) {
        if (is_kept[i] && reading->tallies[i] && reading->tallies[i]->requests > 0 &&
            results_add_endpoint(&reading->results, i, endpoints_name(reading->endpoints, i),
                                 reading->tallies[i], err))
            return -1;
    }
    return has_folded ? results_fold_arrivals(&reading->results, err) : 0;
}

/* Write what is left after the last file. */
static int finish(struct reading *reading, struct err *err)
{
    if (reading->n_tallies == 0)
        return err_set(err, "the logs have no request to the service: %s is unchanged",
                       reading->results.path);
    bool *is_kept = calloc((size_t)reading->n_tallies, sizeof *is_kept);
    int status = is_kept && find_tally(reading, ENDPOINTS_OTHER)
                     ? flush_arrivals(reading, err)
                     : err_set(err, "out of memory for the endpoints");
    if (!status) {
        choose_endpoints(reading, is_kept);
        status = write_endpoints(reading, is_kept, err);
    }
    free(is_kept);
    return status;
}

static int read_all(struct reading *reading, const char *const *paths, int n, struct err *err)
{
    if (!reading->endpoints || !reading->arrivals || !reading->state)
        return err_set(err, "out of memory for the logs");
    if (same_file_refuse(paths, n, err) ||
        results_read_paths(&reading->results, reading->endpoints, err))
        return -1;
    for (int i = 0; i < n; i++) {
        if (read_path(reading, i + 1, paths[i], err))
            return -1;
    }
    return finish(reading, err);
}

int traffic_read(const char *results, const char *const *paths, int n, FILE *out, struct err *err)
{
    struct reading reading = {.endpoints = endpoints_new(),
                              .arrivals = arrivals_new(),
                              .state = calloc(1, sizeof(struct format_state))};
    int status = results_open(&reading.results, results, err);
    if (!status)
        status = read_all(&reading, paths, n, err);
    if (!status)
        status = results_commit(&reading.results, err);
    if (!status)
        status = summary_print(&reading.results, out, err);
    results_close(&reading.results);
    for (int i = 0; i < reading.n_tallies; i++)
        free(reading.tallies[i]);
    free(reading.tallies);
    free(reading.state);
    arrivals_free(reading.arrivals);
    endpoints_free(reading.endpoints);
    return status;
}
