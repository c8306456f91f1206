#include "store/image_answers.h"

#include "store/db.h"

/* Where the URLs go. */
struct taker {
    store_image_url *take;
    void *arg;
};

static int take_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    const struct taker *taker = arg;
    return taker->take(taker->arg, store_text(row, 0), err);
}

int store_each_image_url(struct store *store, store_image_url *take, void *arg, struct err *err)
{
    struct taker taker = {take, arg};
    return store_each_row(store, "SELECT url FROM images WHERE enabled ORDER BY id", take_row,
                          &taker, err);
}

/* Save one answer by a prepared statement. */
static int save_answer(struct store *store, sqlite3_stmt *save, const struct image_answer *answer,
                       struct err *err)
{
    sqlite3_bind_text(save, 1, answer->url, -1, SQLITE_STATIC);
    sqlite3_bind_int64(save, 2, answer->at);
    if (answer->status)
        sqlite3_bind_int(save, 3, answer->status);
    sqlite3_bind_text(save, 4, answer->error, -1, SQLITE_STATIC);
    sqlite3_bind_int64(save, 5, answer->ms);
    int got = store_step(store, save, err);
    sqlite3_reset(save);
    sqlite3_clear_bindings(save);
    return got;
}

/* Save answers within the transaction that the caller has begun. */
static int save_all(struct store *store, const struct image_answer *answers, size_t n,
                    struct err *err)
{
    static const char sql[] = "INSERT OR REPLACE INTO image_answers (url, at, status, error, ms)"
                              " VALUES (?1, datetime(?2, 'unixepoch'), ?3, ?4, ?5)";
    sqlite3_stmt *save = store_prepare(store, sql, err);
    int status = save ? 0 : -1;
    for (size_t i = 0; i < n && !status; i++)
        status = save_answer(store, save, &answers[i], err);
    sqlite3_finalize(save);
    return status;
}

int store_save_image_answers(struct store *store, const struct image_answer *answers, size_t n,
                             struct err *err)
{
    if (store_exec(store, "BEGIN IMMEDIATE", err))
        return -1;
    if (!save_all(store, answers, n, err) && !store_exec(store, "COMMIT", err))
        return 0;
    store_exec(store, "ROLLBACK", &(struct err){0});
    return -1;
}

int store_forget_image_answers(struct store *store, struct err *err)
{
    return store_exec(store, "DELETE FROM image_answers WHERE url NOT IN (SELECT url FROM images)",
                      err);
}
