#include "traffic/results.h"

#include <stdarg.h>

#define BUSY_MS 10000

/* The version of the results of serverful compare. */
#define RESULTS_VERSION "7"

static const char schema[] =
#include "traffic_sql.h"
    ;

/* The tables that a run replaces. */
static const char delete_all[] =
    "DELETE FROM traffic_skipped; DELETE FROM traffic_refused; DELETE FROM traffic_file;"
    "DELETE FROM traffic_arrival; DELETE FROM traffic_size; DELETE FROM traffic_duration;"
    "DELETE FROM traffic_status; DELETE FROM traffic_endpoint;";

static int fail(const struct results *results, struct err *err)
{
    return err_set(err, "%s: %s", results->path, sqlite3_errmsg(results->db));
}

static int run(struct results *results, const char *sql, struct err *err)
{
    return sqlite3_exec(results->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(results, err);
}

/* Run a statement with the values in `types`: "i" an integer as int64_t, "t" a text or NULL. Returns 0
 * or -1 with a reason. */
static int insert(struct results *results, struct err *err, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(results->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return fail(results, err);
    va_list values;
    va_start(values, types);
    for (int i = 0; types[i]; i++) {
        if (types[i] == 'i')
            sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
        else
            sqlite3_bind_text(statement, i + 1, va_arg(values, const char *), -1, SQLITE_STATIC);
    }
    va_end(values);
    sqlite3_step(statement);
    return sqlite3_finalize(statement) == SQLITE_OK ? 0 : fail(results, err);
}

int results_each_row(const struct results *results, const char *sql, results_row *handle, void *arg,
                     struct err *err)
{
    while (*sql) {
        sqlite3_stmt *rows;
        if (sqlite3_prepare_v2(results->db, sql, -1, &rows, &sql) != SQLITE_OK)
            return fail(results, err);
        while (rows && sqlite3_step(rows) == SQLITE_ROW)
            handle(arg, rows);
        if (sqlite3_finalize(rows) != SQLITE_OK)
            return fail(results, err);
    }
    return 0;
}

static void keep_flag(void *arg, sqlite3_stmt *row)
{
    *(bool *)arg = sqlite3_column_int(row, 0) != 0;
}

/* Refuse a file of another program, and one that another version of serverful compare has made, since this one refuses it later. */
static int check_file(struct results *results, struct err *err)
{
    bool is_foreign = true, is_of_other_version = true;
    if (results_each_row(
            results,
            "SELECT application_id NOT IN (0, 1397904979) OR (application_id = 0 AND EXISTS"
            " (SELECT 1 FROM sqlite_schema WHERE tbl_name NOT GLOB 'traffic_*')) FROM "
            "pragma_application_id",
            keep_flag, &is_foreign, err) ||
        results_each_row(results,
                         "SELECT application_id <> 0 AND user_version <> " RESULTS_VERSION
                         " FROM pragma_application_id, pragma_user_version",
                         keep_flag, &is_of_other_version, err))
        return -1;
    if (is_foreign)
        return err_set(err, "%s: the file has no results of serverful: name another with --results",
                       results->path);
    if (is_of_other_version)
        return err_set(err,
                       "%s: another version of serverful compare has made this file: move it away, "
                       "or name another with --results",
                       results->path);
    return 0;
}

int results_open(struct results *results, const char *path, struct err *err)
{
    *results = (struct results){.path = path};
    if (sqlite3_open_v2(path, &results->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK)
        return fail(results, err);
    sqlite3_busy_timeout(results->db, BUSY_MS);
    if (check_file(results, err) || run(results, "BEGIN IMMEDIATE", err) ||
        run(results, schema, err) || run(results, delete_all, err))
        return -1;
    static const char add[] = "INSERT INTO traffic_arrival (second, endpoint, n) VALUES (?, ?, ?)"
                              " ON CONFLICT DO UPDATE SET n = n + excluded.n";
    return sqlite3_prepare_v2(results->db, add, -1, &results->add_arrivals, NULL) == SQLITE_OK
               ? 0
               : fail(results, err);
}

int results_commit(struct results *results, struct err *err)
{
    return run(results, "COMMIT", err);
}

void results_close(struct results *results)
{
    sqlite3_finalize(results->add_arrivals);
    sqlite3_close(results->db);
}

/* What reads the mapping. */
struct path_reader {
    struct endpoints *endpoints;
    bool has_failed; /* Whether memory has run out. */
};

static void keep_path(void *arg, sqlite3_stmt *row)
{
    struct path_reader *reader = arg;
    const char *pattern = (const char *)sqlite3_column_text(row, 0);
    const char *name = (const char *)sqlite3_column_text(row, 1);
    reader->has_failed =
        reader->has_failed || !pattern || endpoints_add(reader->endpoints, pattern, name);
}

int results_read_paths(struct results *results, struct endpoints *endpoints, struct err *err)
{
    struct path_reader reader = {.endpoints = endpoints};
    if (results_each_row(results, "SELECT pattern, endpoint FROM traffic_path ORDER BY place",
                         keep_path, &reader, err))
        return -1;
    return reader.has_failed ? err_set(err, "%s: out of memory for traffic_path", results->path)
                             : 0;
}

static const char *name_stamp(enum record_stamp stamp)
{
    static const char *const names[] = {[RECORD_START] = "start",
                                        [RECORD_END] = "end",
                                        [RECORD_START_OR_END] = "start or end",
                                        [RECORD_MINUS] = "end minus duration"};
    return names[stamp];
}

int results_add_file(struct results *results, int id, const struct log_facts *facts,
                     struct err *err)
{
    if (insert(results, err,
               "INSERT INTO traffic_file (id, path, format, lines, requests, refused, "
               "first_second, last_second, resolution_us,"
               " stamp, duration, utc_offset) VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?5, ?7, NULL), "
               "iif(?5, ?8, NULL), ?9, ?10, ?11, ?12)",
               "ittiiiiiitti", (int64_t)id, facts->path, facts->format, (int64_t)facts->lines,
               (int64_t)facts->requests, (int64_t)facts->n_refused, facts->first_second,
               facts->last_second, (int64_t)facts->resolution_us, name_stamp(facts->stamp),
               facts->duration, (int64_t)facts->utc_offset_s))
        return -1;
    for (int i = 0; i < LOG_FACTS_REASONS && facts->skipped[i].reason; i++) {
        if (insert(results, err, "INSERT INTO traffic_skipped (file, reason, n) VALUES (?, ?, ?)",
                   "iti", (int64_t)id, facts->skipped[i].reason, (int64_t)facts->skipped[i].n))
            return -1;
    }
    for (uint64_t i = 0; i < LOG_FACTS_REFUSED && i < facts->n_refused; i++) {
        const struct log_facts_refused *refused = &facts->refused[i];
        if (insert(results, err,
                   "INSERT INTO traffic_refused (file, line, reason, text) VALUES (?, ?, ?, ?)",
                   "iitt", (int64_t)id, (int64_t)refused->line, refused->reason, refused->text))
            return -1;
    }
    return 0;
}

int results_add_arrivals(struct results *results, const struct arrival *entries, uint32_t n,
                         struct err *err)
{
    sqlite3_stmt *add = results->add_arrivals;
    for (uint32_t i = 0; i < n; i++) {
        sqlite3_bind_int64(add, 1, entries[i].second);
        sqlite3_bind_int64(add, 2, entries[i].endpoint + 1);
        sqlite3_bind_int64(add, 3, entries[i].n);
        sqlite3_step(add);
        if (sqlite3_reset(add) != SQLITE_OK)
            return fail(results, err);
    }
    return 0;
}

/* Write the buckets of a histogram that are not empty. */
static int add_histogram(struct results *results, const char *sql, int endpoint,
                         const struct histogram *histogram, struct err *err)
{
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (histogram->n[i] &&
            insert(results, err, sql, "iiii", (int64_t)endpoint + 1, histogram_low(i),
                   histogram_high(i), (int64_t)histogram->n[i]))
            return -1;
    }
    return 0;
}

int results_add_endpoint(struct results *results, int endpoint, const char *name,
                         const struct tally *tally, struct err *err)
{
    if (insert(results, err,
               "INSERT INTO traffic_endpoint (id, name, requests, bytes) VALUES (?, ?, ?, ?)",
               "itii", (int64_t)endpoint + 1, name, (int64_t)tally->requests,
               (int64_t)tally->bytes) ||
        add_histogram(results,
                      "INSERT INTO traffic_size (endpoint, low, high, n) VALUES (?, ?, ?, ?)",
                      endpoint, &tally->sizes, err) ||
        add_histogram(results,
                      "INSERT INTO traffic_duration (endpoint, low, high, n) VALUES (?, ?, ?, ?)",
                      endpoint, &tally->durations, err))
        return -1;
    for (int status = 0; status < TALLY_STATUSES; status++) {
        if (tally->statuses[status] &&
            insert(results, err,
                   "INSERT INTO traffic_status (endpoint, status, n) VALUES (?, ?, ?)", "iii",
                   (int64_t)endpoint + 1, (int64_t)status, (int64_t)tally->statuses[status]))
            return -1;
    }
    return 0;
}

int results_fold_arrivals(struct results *results, struct err *err)
{
    return run(
        results,
        "INSERT INTO traffic_arrival (second, endpoint, n) SELECT second, 1, sum(n) FROM "
        "traffic_arrival"
        " WHERE endpoint NOT IN (SELECT id FROM traffic_endpoint) GROUP BY second"
        " ON CONFLICT DO UPDATE SET n = n + excluded.n;"
        "DELETE FROM traffic_arrival WHERE endpoint NOT IN (SELECT id FROM traffic_endpoint)",
        err);
}
