#include "store/row_changes.h"

#include "store/db.h"
#include "util/buf.h"
#include "util/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Refuses what reaches files; VACUUM attaches one, too. `arg` is a bool, which it sets then. */
static int authorize(void *arg, int action, const char *one, const char *two, const char *three,
                     const char *four)
{
    (void)one;
    (void)two;
    (void)three;
    (void)four;
    if (action != SQLITE_ATTACH && action != SQLITE_DETACH)
        return SQLITE_OK;
    *(bool *)arg = true;
    return SQLITE_DENY;
}

/* The line of `sql` at which the statement at `at` begins, counted from 1. */
static size_t line_of(const char *sql, const char *at)
{
    size_t line = 1;
    at += strspn(at, STR_SPACES ";");
    for (; sql < at; sql++)
        line += *sql == '\n';
    return line;
}

/* Run the statement at `*at`, and set `*at` to its end. Returns SQLite's code. */
static int run_statement(sqlite3 *db, const char **at)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, *at, -1, &statement, at);
    while (statement && (code = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int store_run_sql(struct store *copy, const char *name, const char *sql, struct err *err)
{
    const char *at = sql, *begin = at;
    bool is_refused = false;
    int code = SQLITE_OK;
    sqlite3_set_authorizer(copy->db, authorize, &is_refused);
    while (code == SQLITE_OK && *at) {
        begin = at;
        code = run_statement(copy->db, &at);
    }
    sqlite3_set_authorizer(copy->db, NULL, NULL);
    if (code != SQLITE_OK)
        return err_set(err, "%s, line %zu: %s", name, line_of(sql, begin),
                       is_refused ? "ATTACH, DETACH and VACUUM are not allowed here"
                                  : sqlite3_errmsg(copy->db));
    if (!sqlite3_get_autocommit(copy->db))
        return err_set(err, "%s: begins a transaction and does not end it (add COMMIT)", name);
    return 0;
}

#define ALWAYS SNAPSHOT_PARTS /* The part of a small table, which is always compared. */

/* A table that an admin edits. */
struct table {
    const char *name, *columns; /* The columns of the key come first. */
    int keys;                   /* How many there are. */
    enum snapshot_part part;    /* The part that is compiled from the table. */
};

static const struct table tables[] = {
    {"images", "url, id, weight, tag, enabled, note, added", 1, SNAPSHOT_PART_IMAGES},
    {"words", "word, freq, tag", 1, SNAPSHOT_PART_WORDS},
    {"settings", "name, value", 1, ALWAYS},
    {"repeated_words", "id, freq", 1, ALWAYS},
    {"idf", "word, idf", 1, SNAPSHOT_PART_KEYWORDS},
    {"stop_words", "word", 1, SNAPSHOT_PART_KEYWORDS},
    {"hmm_start", "state, logp", 1, SNAPSHOT_PART_MODEL},
    {"hmm_trans", "from_state, to_state, logp", 2, SNAPSHOT_PART_MODEL},
    {"hmm_emit", "character, state, logp", 2, SNAPSHOT_PART_MODEL},
    {"pos_start", "state, tag, logp", 2, SNAPSHOT_PART_MODEL},
    {"pos_trans", "from_state, from_tag, to_state, to_tag, logp", 4, SNAPSHOT_PART_MODEL},
    {"pos_emit", "character, state, tag, logp", 3, SNAPSHOT_PART_MODEL},
    {"pos_list", "character, state, tag", 3, SNAPSHOT_PART_MODEL},
    {"guard", "part, percent, confirmed", 1, ALWAYS},
    {"edit_limit", "id, days, max_rows", 1, ALWAYS},
};

/* The rows of a table in both stores, in the order of their keys. */
struct pair {
    const struct table *table;
    struct store *stores[2];
    sqlite3_stmt *rows[2]; /* At the row that is looked at. */
    int got[2];            /* As store_step() returns it. */
    struct buf texts[2];
    row_change_handler *handle;
    void *arg;
};

/* Compare the values of a column, by SQLite's order within a type. */
static int compare_values(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int type = sqlite3_column_type(a, column), other = sqlite3_column_type(b, column);
    if (type != other)
        return (type > other) - (type < other);
    if (type == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(a, column), y = sqlite3_column_int64(b, column);
        return (x > y) - (x < y);
    }
    if (type == SQLITE_FLOAT) {
        double x = sqlite3_column_double(a, column), y = sqlite3_column_double(b, column);
        return (x > y) - (x < y);
    }
    return str_compare(store_text(a, column), store_text(b, column));
}

/* Compare the first `n` values of the two rows. */
static int compare_rows(const struct pair *pair, int n)
{
    int order = 0;
    for (int i = 0; i < n && !order; i++)
        order = compare_values(pair->rows[0], pair->rows[1], i);
    return order;
}

/* Append a number with as many digits as it needs. */
static void add_real(struct buf *out, double value)
{
    char text[40];
    int digits = 15;
    do
        snprintf(text, sizeof text, "%.*g", digits, value);
    while (strtod(text, NULL) != value && digits++ < 17);
    buf_add_text(out, text);
}

/* Append a text in quotation marks. */
static void add_text(struct buf *out, struct str text)
{
    buf_add_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\'')
            buf_add_char(out, '\'');
        buf_add_char(out, text.at[i]);
    }
    buf_add_char(out, '\'');
}

/* Write the values of the row of one side as SQL literals, which end with a NUL. */
static const char *print_row(struct pair *pair, int side)
{
    sqlite3_stmt *row = pair->rows[side];
    struct buf *out = &pair->texts[side];
    buf_reset(out);
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        int type = sqlite3_column_type(row, i);
        if (i)
            buf_add_text(out, ", ");
        if (type == SQLITE_NULL)
            buf_add_text(out, "NULL");
        else if (type == SQLITE_INTEGER)
            buf_print(out, "%" PRId64, (int64_t)sqlite3_column_int64(row, i));
        else if (type == SQLITE_FLOAT)
            add_real(out, sqlite3_column_double(row, i));
        else
            add_text(out, store_text(row, i));
    }
    buf_add_char(out, '\0');
    return out->at;
}

/* Hand over what differs in the two rows, the first of which is looked at if `order` <= 0, and the second
 * if `order` >= 0. */
static int handle_rows(struct pair *pair, int order, struct err *err)
{
    if (order == 0 && compare_rows(pair, sqlite3_column_count(pair->rows[0])) == 0)
        return 0;
    struct row_change change = {.table = pair->table->name,
                                .columns = pair->table->columns,
                                .old = order <= 0 ? print_row(pair, 0) : NULL,
                                .now = order >= 0 ? print_row(pair, 1) : NULL};
    if (pair->texts[0].failed || pair->texts[1].failed)
        return err_set(err, "out of memory for a row of %s", change.table);
    return pair->handle(pair->arg, &change, err);
}

/* Go on to the next row of one side. */
static int next_row(struct pair *pair, int side, struct err *err)
{
    pair->got[side] = store_step(pair->stores[side], pair->rows[side], err);
    return pair->got[side] < 0 ? -1 : 0;
}

/* Walk through both sides, whose first rows are read. */
static int merge_rows(struct pair *pair, struct err *err)
{
    while (pair->got[0] || pair->got[1]) {
        int order = !pair->got[0] ? 1 : !pair->got[1] ? -1 : compare_rows(pair, pair->table->keys);
        if (handle_rows(pair, order, err) || (order <= 0 && next_row(pair, 0, err)) ||
            (order >= 0 && next_row(pair, 1, err)))
            return -1;
    }
    return 0;
}

/* Begin to read the table in one store. */
static int open_side(struct pair *pair, int side, struct err *err)
{
    const struct table *table = pair->table;
    char sql[256], keys[16] = "1";
    for (int i = 1; i < table->keys; i++)
        snprintf(keys + 2 * i - 1, sizeof keys - (size_t)(2 * i - 1), ",%d", i + 1);
    snprintf(sql, sizeof sql, "SELECT %s FROM main.%s ORDER BY %s", table->columns, table->name,
             keys);
    pair->rows[side] = store_prepare(pair->stores[side], sql, err);
    return pair->rows[side] ? next_row(pair, side, err) : -1;
}

static int compare_table(struct pair *pair, struct err *err)
{
    int status = open_side(pair, 0, err) || open_side(pair, 1, err) ? -1 : merge_rows(pair, err);
    for (int side = 0; side < 2; side++) {
        sqlite3_finalize(pair->rows[side]);
        pair->rows[side] = NULL;
    }
    return status;
}

int store_compare_rows(struct store *before, struct store *after, row_change_handler *handle,
                       void *arg, struct err *err)
{
    struct snapshot_revisions old, now;
    struct pair pair = {.stores = {before, after}, .handle = handle, .arg = arg};
    int status = store_revisions(before, &old, err) || store_revisions(after, &now, err) ? -1 : 0;
    for (size_t i = 0; !status && i < sizeof tables / sizeof *tables; i++) {
        pair.table = &tables[i];
        if (tables[i].part == ALWAYS || old.parts[tables[i].part] != now.parts[tables[i].part])
            status = compare_table(&pair, err);
    }
    buf_free(&pair.texts[0]);
    buf_free(&pair.texts[1]);
    return status;
}
