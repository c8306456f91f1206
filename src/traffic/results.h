/*
 * results: the tables of traffic in results.db.
 *
 * A reason of failure begins with the path of the file.
 */
#ifndef TRAFFIC_RESULTS_H
#define TRAFFIC_RESULTS_H

#include "traffic/arrivals.h"
#include "traffic/endpoints.h"
#include "traffic/log_facts.h"
#include "traffic/tally.h"
#include "util/err.h"

#include <sqlite3.h>

struct results {
    sqlite3 *db;
    const char *path;           /* Borrowed. */
    sqlite3_stmt *add_arrivals; /* Adds to the requests of an endpoint in a second. */
};

/* Open the file, or create it, begin a transaction, and delete the traffic that it has. The caller
 * closes it also after a failure. `path` is borrowed. Returns 0 or -1 with a reason. */
int results_open(struct results *results, const char *path, struct err *err);

/* Commit the transaction. Returns 0 or -1 with a reason. */
int results_commit(struct results *results, struct err *err);

/* Close the file. What was not committed is undone. */
void results_close(struct results *results);

/* Read the mapping of paths to endpoints. Returns 0 or -1 with a reason. */
int results_read_paths(struct results *results, struct endpoints *endpoints, struct err *err);

/* Write the facts of the log file number `id`. Returns 0 or -1 with a reason. */
int results_add_file(struct results *results, int id, const struct log_facts *facts,
                     struct err *err);

/* Add to the arrivals; an endpoint is known by its number plus one. Returns 0 or -1 with a reason. */
int results_add_arrivals(struct results *results, const struct arrival *entries, uint32_t n,
                         struct err *err);

/* Write an endpoint that has requests, and what its tally has. Returns 0 or -1 with a reason. */
int results_add_endpoint(struct results *results, int endpoint, const char *name,
                         const struct tally *tally, struct err *err);

/* Make the arrivals of all endpoints that have not been written those of ENDPOINTS_OTHER. Returns 0 or
 * -1 with a reason. */
int results_fold_arrivals(struct results *results, struct err *err);

/* Handles one row of a query. */
typedef void results_row(void *arg, sqlite3_stmt *row);

/* Run one or more queries, and call `handle` for each row. Returns 0 or -1 with a reason. */
int results_each_row(const struct results *results, const char *sql, results_row *handle, void *arg,
                     struct err *err);

#endif
