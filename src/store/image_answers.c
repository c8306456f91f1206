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

int store_save_image_answer(struct store *store, const struct image_answer *answer, struct err *err)
{
    static const char sql[] = "INSERT OR REPLACE INTO image_answers (url, at, status, error, ms)"
                              " VALUES (?1, datetime(?2, 'unixepoch'), nullif(?3, 0), ?4, ?5)";
    sqlite3_stmt *save = store_prepare(store, sql, err);
    if (!save)
        return -1;
    sqlite3_bind_text(save, 1, answer->url, -1, SQLITE_STATIC);
    sqlite3_bind_int64(save, 2, answer->at);
    sqlite3_bind_int(save, 3, answer->status);
    sqlite3_bind_text(save, 4, answer->error, -1, SQLITE_STATIC);
    sqlite3_bind_int64(save, 5, answer->ms);
    int status = store_step(store, save, err);
    sqlite3_finalize(save);
    return status;
}

int store_forget_image_answers(struct store *store, struct err *err)
{
    return store_exec(store, "DELETE FROM image_answers WHERE url NOT IN (SELECT url FROM images)",
                      err);
}
