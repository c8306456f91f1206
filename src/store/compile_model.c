#include "store/compile_parts.h"
#include "util/utf8.h"

#include <stdlib.h>

/* Which table a row of the query below comes from. */
enum hmm_table { TABLE_START, TABLE_TRANS, TABLE_EMIT };

static const char query_hmm[] = "SELECT 0, '', state, logp FROM hmm_start"
                                " UNION ALL SELECT 1, from_state, to_state, logp FROM hmm_trans"
                                " UNION ALL SELECT 2, character, state, logp FROM hmm_emit";

/* The state of a letter. The schema allows no other letters. */
static enum hmm_state state_of(sqlite3_stmt *row, int column)
{
    static const enum hmm_state states[128] = {
        ['B'] = HMM_B, ['M'] = HMM_M, ['E'] = HMM_E, ['S'] = HMM_S};
    struct str letter = store_text(row, column);
    return letter.len ? states[letter.at[0] & 127] : HMM_B;
}

/* The place of a row in the model, or NULL for a character that the model does not have. */
static double *place_of(struct hmm_model *hmm, sqlite3_stmt *row)
{
    struct str character = store_text(row, 1);
    enum hmm_state state = state_of(row, 2);
    uint32_t code = 0;
    switch (sqlite3_column_int(row, 0)) {
    case TABLE_START:
        return &hmm->start[state];
    case TABLE_TRANS:
        return &hmm->trans[state_of(row, 1)][state];
    default:
        if (!character.len || !utf8_read(character.at, character.len, &code) ||
            !label_is_han(dict_label(code)))
            return NULL;
        return &hmm->emit[code - DICT_FIRST_HAN][state];
    }
}

static int set_log_prob(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    double *place = place_of(arg, row);
    if (place)
        *place = sqlite3_column_double(row, 3);
    return 0;
}

/* Compile the model that finds words outside the dictionary. */
static int compile_hmm(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                       struct err *err)
{
    struct hmm_model *hmm = compiled->hmm = malloc(sizeof *hmm);
    if (!hmm)
        return err_set(err, "out of memory for the model of words");
    for (size_t i = 0; i < sizeof *hmm / sizeof(double); i++)
        ((double *)hmm)[i] = LOG_ZERO;
    snapshot->dict.hmm = hmm;
    return store_each_row(store, query_hmm, set_log_prob, hmm, err);
}

/*
 * The rows of the model of parts of speech, in the order that pos_builder_add() needs. The columns
 * are the kind of row (enum pos_row_kind), state, tag, next state, next tag, character and log
 * probability. Rows of a state without a row in pos_start are left out, since no path reaches it.
 */
static const char *const queries_pos[] = {
    "SELECT 0, state, tag, '', '', '', logp FROM pos_start ORDER BY tag, state",
    "SELECT 1, from_state, from_tag, to_state, to_tag, '', logp FROM pos_trans"
    " WHERE (from_state, from_tag) IN (SELECT state, tag FROM pos_start)"
    " AND (to_state, to_tag) IN (SELECT state, tag FROM pos_start)",
    "SELECT 2, state, tag, '', '', character, logp FROM pos_emit"
    " WHERE (state, tag) IN (SELECT state, tag FROM pos_start)"
    " UNION ALL SELECT 3, state, tag, '', '', character, 0 FROM pos_list"
    " WHERE (state, tag) IN (SELECT state, tag FROM pos_start) ORDER BY 6",
};

static int add_pos_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct pos_row pos_row = {
        .kind = (enum pos_row_kind)sqlite3_column_int(row, 0),
        .state = {store_text(row, 1), store_text(row, 2)},
        .next = {store_text(row, 3), store_text(row, 4)},
        .character = store_text(row, 5),
        .log = sqlite3_column_double(row, 6),
    };
    return pos_builder_add(arg, &pos_row, err);
}

/* Compile the model of parts of speech. */
static int compile_pos(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                       struct err *err)
{
    compiled->pos = pos_builder_new(err);
    if (!compiled->pos)
        return -1;
    for (size_t i = 0; i < sizeof queries_pos / sizeof *queries_pos; i++) {
        if (store_each_row(store, queries_pos[i], add_pos_row, compiled->pos, err))
            return -1;
    }
    return pos_builder_finish(compiled->pos, &snapshot->dict.pos, err);
}

int compile_model(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                  struct err *err)
{
    if (compile_hmm(store, compiled, snapshot, err))
        return -1;
    return compile_pos(store, compiled, snapshot, err);
}
