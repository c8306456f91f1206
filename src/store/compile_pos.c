/*
 * compile_pos: posseg's model out of the store.
 */
#include "store/internal.h"

/* By kind of row; the columns are state, tag, next state, next tag, character, logarithm. Rows that
 * name a state without a row in pos_start are left out: the model cannot come to it. */
static const char query[] =
    "SELECT 0, state, tag, '', '', '', logp FROM pos_start ORDER BY tag, state";

static const char query_trans[] =
    "SELECT 1, from_state, from_tag, to_state, to_tag, '', logp FROM pos_trans"
    " WHERE (from_state, from_tag) IN (SELECT state, tag FROM pos_start)"
    " AND (to_state, to_tag) IN (SELECT state, tag FROM pos_start)";

static const char query_characters[] =
    "SELECT 2, state, tag, '', '', character, logp FROM pos_emit"
    " WHERE (state, tag) IN (SELECT state, tag FROM pos_start)"
    " UNION ALL SELECT 3, state, tag, '', '', character, 0 FROM pos_list"
    " WHERE (state, tag) IN (SELECT state, tag FROM pos_start) ORDER BY 6";

static int add_rows(struct store *store, struct pos_builder *builder, const char *sql,
                    struct err *err)
{
    int got;
    sqlite3_stmt *rows = store_prepare(store, sql, err);
    if (!rows)
        return -1;
    while ((got = store_step(store, rows, err)) > 0) {
        struct pos_row row = {
            .kind = (enum pos_row_kind)sqlite3_column_int(rows, 0),
            .state = {store_text(rows, 1), store_text(rows, 2)},
            .next = {store_text(rows, 3), store_text(rows, 4)},
            .character = store_text(rows, 5),
            .log = sqlite3_column_double(rows, 6),
        };
        if (pos_builder_add(builder, &row, err)) {
            got = -1;
            break;
        }
    }
    sqlite3_finalize(rows);
    return got;
}

struct pos_builder *store_compile_pos(struct store *store, struct pos_model *pos, struct err *err)
{
    struct pos_builder *builder = pos_builder_new(err);
    if (!builder)
        return NULL;
    if (add_rows(store, builder, query, err) || add_rows(store, builder, query_trans, err) ||
        add_rows(store, builder, query_characters, err) || pos_builder_finish(builder, pos, err)) {
        pos_builder_free(builder);
        return NULL;
    }
    return builder;
}
