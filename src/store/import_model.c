/*
 * The models of an import: those of jieba's finalseg and posseg.
 */
#include "store/import.h"
#include "store/import_statement.h"

static const char *const states[HMM_STATES] = {
    [HMM_B] = "B", [HMM_M] = "M", [HMM_E] = "E", [HMM_S] = "S"};

/* Add a probability of the model, which has one or two keys, unless it is zero. */
static int add_prob(struct store_import *import, enum statement which, struct str key,
                    const char *state, double logp, struct err *err)
{
    if (logp == LOG_ZERO)
        return 0;
    int i = 1;
    import_bind_text(import->statements[which], i++, key);
    if (state)
        import_bind_text(import->statements[which], i++, str_of(state));
    sqlite3_bind_double(import->statements[which], i, logp);
    return import_run(import, which, err);
}

static int add_emit(struct store_import *import, const struct hmm_model *model, uint32_t han,
                    int state, struct err *err)
{
    uint32_t code = DICT_FIRST_HAN + han;
    const char character[3] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                               (char)(0x80 | (code & 0x3F))};
    return add_prob(import, ADD_EMIT, (struct str){character, sizeof character}, states[state],
                    model->emit[han][state], err);
}

int store_import_model(struct store_import *import, const struct hmm_model *model, struct err *err)
{
    if (store_exec(import->store,
                   "DELETE FROM hmm_start; DELETE FROM hmm_trans; DELETE FROM hmm_emit;", err))
        return -1;
    for (int state = 0; state < HMM_STATES; state++) {
        struct str name = str_of(states[state]);
        if (add_prob(import, ADD_START, name, NULL, model->start[state], err))
            return -1;
        for (int to = 0; to < HMM_STATES; to++) {
            if (add_prob(import, ADD_TRANS, name, states[to], model->trans[state][to], err))
                return -1;
        }
        for (uint32_t han = 0; han < DICT_HAN_COUNT; han++) {
            if (add_emit(import, model, han, state, err))
                return -1;
        }
    }
    return 0;
}

int store_import_clear_pos(struct store_import *import, struct err *err)
{
    return store_exec(import->store,
                      "DELETE FROM pos_start; DELETE FROM pos_trans; DELETE FROM pos_emit;"
                      " DELETE FROM pos_list;",
                      err);
}

int store_import_pos(struct store_import *import, const struct pos_row *row, struct err *err)
{
    enum statement which = ADD_POS + (enum statement)row->kind;
    sqlite3_stmt *statement = import->statements[which];
    const struct str texts[] = {row->state.place, row->state.tag, row->next.place, row->next.tag,
                                row->character};
    for (int i = 0; i < 5 && i < sqlite3_bind_parameter_count(statement); i++)
        import_bind_text(statement, i + 1, texts[i]);
    sqlite3_bind_double(statement, 6, row->log); /* fails harmlessly where there is no ?6 */
    return import_run(import, which, err);
}
