/*
 * Watches a store of an older version that cannot be migrated: how often it is tried again.
 */
#include "t/tap.h"

#include "store/watch.h"

#include <sqlite3.h>
#include <unistd.h>

static char directory[] = "/tmp/serverful-watch-XXXXXX";
static char store[64], snapshot[64], copying[64];

/* Give the store the number of an older version, which changes its file. */
static void make_older(const char *version)
{
    sqlite3 *db;
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA journal_mode = DELETE; PRAGMA user_version = %s",
             version);
    ok(sqlite3_open(store, &db) == SQLITE_OK &&
           sqlite3_exec(db, pragma, NULL, NULL, NULL) == SQLITE_OK,
       "the store has version %s", version);
    sqlite3_close(db);
}

/* Poll until the store is migrated, at most 1,000 times. Returns the number of polls that failed. */
static int count_failures(struct watch *watch)
{
    struct err err;
    bool fresh;
    int n = 0;
    free(watch->migration.copy);
    watch->migration.copy = NULL;
    while (n < 1000 && watch_poll(watch, &fresh, &err))
        n++;
    return n;
}

int main(void)
{
    struct err err;
    bool fresh;
    tap_plan(15);
    if (!mkdtemp(directory))
        return 1;
    snprintf(store, sizeof store, "%s/s.db", directory);
    snprintf(snapshot, sizeof snapshot, "%s/s.snapshot", directory);
    snprintf(copying, sizeof copying, "%s/s.db.copying", directory);
    struct store *created = store_open(store, STORE_CREATE, &err);
    ok(created, "a store is created");
    store_close(created);
    make_older("5");

    struct watch watch = {.store_path = store, .snapshot_path = snapshot};
    ok(mkdir(copying, 0700) == 0, "a directory is in the way of the copy");
    ok(watch_poll(&watch, &fresh, &err) == -1 && strstr(err.text, "s.db.copying"),
       "the first poll fails, and names it");
    ok(watch_poll(&watch, &fresh, &err) == -1 && strstr(err.text, "s.db.copying"),
       "so does the second");
    ok(rmdir(copying) == 0 && count_failures(&watch) == 0 && watch.migration.copy,
       "the third migrates the store");

    make_older("5");
    ok(mkdir(copying, 0700) == 0 && count_failures(&watch) == 1000,
       "the directory is in the way for 1,000 polls");
    ok(rmdir(copying) == 0, "the directory is gone");
    int failures = count_failures(&watch);
    ok(failures > 0 && failures <= 128,
       "the store is migrated within 128 polls (%d), and not at once", failures);

    make_older("5");
    ok(mkdir(copying, 0700) == 0 && count_failures(&watch) == 1000 && rmdir(copying) == 0,
       "the directory is in the way once more");
    make_older("4");
    ok(count_failures(&watch) == 0, "a store whose file has changed is tried at once");

    free(watch.migration.copy);
    watch_close(&watch);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    ok(system(command) == 0, "the files are removed");
    return tap_done();
}
