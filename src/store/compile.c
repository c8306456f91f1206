#include "store/compile.h"

#include "lexicon/dict_builder.h"
#include "lexicon/pos_builder.h"
#include "snapshot/snapshot.h"
#include "snapshot/write.h"
#include "store/compile_keywords.h"
#include "store/images.h"
#include "store/internal.h"
#include "store/words.h"
#include "util/utf8.h"

#include <stdlib.h>

/* What one compilation holds; freed in one place. */
struct compilation {
    struct store *store;
    struct snapshot old;          /* the snapshot that lies there, or closed */
    struct dict_builder *builder; /* the words, if they were compiled */
    struct wordlist *listed;      /* the frequencies that are left out, or NULL */
    struct hmm_model *hmm;        /* the model, if it was */
    struct pos_builder *pos;      /* and posseg's */
    struct compiled_keywords keywords;
    struct store_images images;
    struct snapshot_parts parts;
};

/* Take a section over from the old snapshot. */
static void carry_over(struct compilation *compilation, enum snapshot_section which)
{
    const struct snapshot *old = &compilation->old;
    struct snapshot_range range = old->header->sections[which];
    compilation->parts.sections[which] =
        (struct str){(const char *)old->header + range.offset, range.size};
}

static int add_words(struct compilation *compilation, sqlite3_stmt *rows, struct err *err)
{
    int got;
    while ((got = store_step(compilation->store, rows, err)) > 0) {
        struct str word = store_text(rows, 0);
        int64_t freq = sqlite3_column_type(rows, 1) == SQLITE_NULL
                           ? wordlist_freq(compilation->listed, word)
                           : sqlite3_column_int64(rows, 1);
        if (dict_builder_add(compilation->builder, word, freq, store_text(rows, 2), err))
            return -1;
    }
    return got;
}

static int compile_words(struct compilation *compilation, struct err *err)
{
    struct store *store = compilation->store;
    struct dict dict;
    int64_t repeated = 0, symbols = 0;
    if (store_query_int(store, "SELECT freq FROM repeated_words", &repeated, err) ||
        store_query_int(store, "SELECT value FROM settings WHERE name = 'words_with_symbols'",
                        &symbols, err))
        return -1;
    compilation->builder = dict_builder_new(symbols == 1, err);
    if (!compilation->builder || store_list_words(store, false, &compilation->listed, err))
        return -1;
    sqlite3_stmt *rows =
        store_prepare(store, "SELECT word, freq, tag FROM words ORDER BY word", err);
    int status = rows ? add_words(compilation, rows, err) : -1;
    sqlite3_finalize(rows);
    if (status || dict_builder_finish(compilation->builder, repeated, &dict, err))
        return -1;
    compilation->parts.sections[SNAPSHOT_UNITS] =
        (struct str){(const char *)dict.units, dict.n_units * sizeof *dict.units};
    compilation->parts.sections[SNAPSHOT_LOG_PROBS] =
        (struct str){(const char *)dict.log_probs, dict.n_probs * sizeof *dict.log_probs};
    compilation->parts.sections[SNAPSHOT_TAGS] =
        (struct str){(const char *)dict.tags, dict.n_units * sizeof *dict.tags};
    compilation->parts.sections[SNAPSHOT_TAG_NAMES] =
        (struct str){(const char *)dict.tag_names, dict.n_tags * sizeof *dict.tag_names};
    compilation->parts.sections[SNAPSHOT_FREQS] =
        (struct str){(const char *)dict.freqs, dict.n_probs * sizeof *dict.freqs};
    compilation->parts.sections[SNAPSHOT_PHRASES] =
        (struct str){(const char *)dict.phrases, dict.n_phrases * sizeof *dict.phrases};
    compilation->parts.sections[SNAPSHOT_PHRASE_TAGS] =
        (struct str){(const char *)dict.phrase_tags, dict.n_phrases * sizeof *dict.phrase_tags};
    return 0;
}

/* The state that a letter stands for; the schema lets no other letter in. */
static enum hmm_state state_of(sqlite3_stmt *row, int column)
{
    static const enum hmm_state states[128] = {
        ['B'] = HMM_B, ['M'] = HMM_M, ['E'] = HMM_E, ['S'] = HMM_S};
    struct str letter = store_text(row, column);
    return letter.len ? states[letter.at[0] & 0x7F] : HMM_B;
}

/* Where a row of the union below belongs in the model, or NULL for a character outside of it. */
static double *place_of(struct hmm_model *hmm, sqlite3_stmt *row)
{
    struct str character = store_text(row, 1);
    enum hmm_state state = state_of(row, 2);
    uint32_t code = 0;
    switch (sqlite3_column_int(row, 0)) {
    case 0:
        return &hmm->start[state];
    case 1:
        return &hmm->trans[state_of(row, 1)][state];
    default:
        if (!character.len || !utf8_read(character.at, character.len, &code) ||
            !label_is_han(dict_label(code)))
            return NULL;
        return &hmm->emit[code - DICT_FIRST_HAN][state];
    }
}

static int fill_model(struct compilation *compilation, sqlite3_stmt *rows, struct err *err)
{
    int got;
    while ((got = store_step(compilation->store, rows, err)) > 0) {
        double *place = place_of(compilation->hmm, rows);
        if (place)
            *place = sqlite3_column_double(rows, 3);
    }
    return got;
}

static int compile_model(struct compilation *compilation, struct err *err)
{
    size_t n = sizeof *compilation->hmm / sizeof(double);
    compilation->hmm = malloc(sizeof *compilation->hmm);
    if (!compilation->hmm)
        return err_set(err, "out of memory for the model");
    for (size_t i = 0; i < n; i++)
        ((double *)compilation->hmm)[i] = LOG_ZERO;
    sqlite3_stmt *rows =
        store_prepare(compilation->store,
                      "SELECT 0, '', state, logp FROM hmm_start"
                      " UNION ALL SELECT 1, from_state, to_state, logp FROM hmm_trans"
                      " UNION ALL SELECT 2, character, state, logp FROM hmm_emit",
                      err);
    int status = rows ? fill_model(compilation, rows, err) : -1;
    sqlite3_finalize(rows);
    compilation->parts.sections[SNAPSHOT_HMM] =
        (struct str){(const char *)compilation->hmm, sizeof *compilation->hmm};
    return status;
}

static int compile_pos(struct compilation *compilation, struct err *err)
{
    struct pos_model pos;
    compilation->pos = store_compile_pos(compilation->store, &pos, err);
    if (!compilation->pos)
        return -1;
    compilation->parts.sections[SNAPSHOT_POS] =
        (struct str){(const char *)pos.base, pos.base ? sizeof *pos.base : 0};
    compilation->parts.sections[SNAPSHOT_POS_ENTRIES] =
        (struct str){(const char *)pos.entries, pos.n_entries * sizeof *pos.entries};
    compilation->parts.sections[SNAPSHOT_POS_LOGS] =
        (struct str){(const char *)pos.logs, pos.n_logs * sizeof *pos.logs};
    return 0;
}

static int compile_images(struct compilation *compilation, struct err *err)
{
    struct store_images *images = &compilation->images;
    struct str *sections = compilation->parts.sections;
    if (store_read_images(compilation->store, images, err))
        return -1;
    sections[SNAPSHOT_IMAGE_ENDS] = buf_str(&images->ends);
    sections[SNAPSHOT_IMAGE_TEXT] = buf_str(&images->text);
    sections[SNAPSHOT_LISTS] = buf_str(&images->lists);
    sections[SNAPSHOT_CHOICES] = buf_str(&images->choices);
    return 0;
}

static int compile_keywords(struct compilation *compilation, struct err *err)
{
    struct compiled_keywords *keywords = &compilation->keywords;
    if (store_compile_keywords(compilation->store, keywords, err))
        return -1;
    compilation->parts.sections[SNAPSHOT_IDF_VALUES] =
        (struct str){(const char *)keywords->values, keywords->n_values * sizeof *keywords->values};
    compilation->parts.sections[SNAPSHOT_IDF_BLOCKS] = buf_str(&keywords->idf.blocks);
    compilation->parts.sections[SNAPSHOT_IDF_WORDS] = buf_str(&keywords->idf.text);
    compilation->parts.sections[SNAPSHOT_STOP_BLOCKS] = buf_str(&keywords->stop_words.blocks);
    compilation->parts.sections[SNAPSHOT_STOP_WORDS] = buf_str(&keywords->stop_words.text);
    return 0;
}

/* See whether tables and triggers are all there, where somebody may have changed the schema:
 * without its triggers a table's edits are not counted. */
static int look_at_schema(struct store *store, struct err *err)
{
    int64_t version = 0;
    if (store_query_int(store, "PRAGMA schema_version", &version, err))
        return -1;
    if (version == store->schema)
        return 0;
    if (store_check_schema(store, err))
        return -1;
    store->schema = version;
    return 0;
}

/* Compile each part that has changed, and carry the others over. `*any` tells if one has changed.
 */
static int compile_parts(struct compilation *compilation, bool *any, struct err *err)
{

    struct snapshot_revisions *now = &compilation->parts.revisions;
    if (look_at_schema(compilation->store, err) || store_revisions(compilation->store, now, err))
        return -1;
    const struct snapshot_header *header = compilation->old.header;
    struct snapshot_revisions old = header ? header->revisions : (struct snapshot_revisions){0};
    bool same = header && old.store == now->store;
    for (int i = 0; same && i < SNAPSHOT_SECTIONS; i++)
        carry_over(compilation, (enum snapshot_section)i);
    bool words = !same || old.words != now->words;
    bool model = !same || old.model != now->model;
    bool images = !same || old.images != now->images;
    bool keywords = !same || old.keywords != now->keywords;
    *any = words || model || images || keywords;
    if ((words && compile_words(compilation, err)) || (model && compile_model(compilation, err)) ||
        (model && compile_pos(compilation, err)) || (images && compile_images(compilation, err)) ||
        (keywords && compile_keywords(compilation, err)))
        return -1;
    return 0;
}

/* All that is read is read in one transaction, so that it fits together, and the file is written
 * after it: a long read keeps SQLite from shortening the WAL. */
static int read_and_write(struct compilation *compilation, const char *path, bool *written,
                          struct err *err)
{
    if (store_exec(compilation->store, "BEGIN", err))
        return -1;
    int status = compile_parts(compilation, written, err);
    store_exec(compilation->store, "ROLLBACK", &(struct err){0});
    if (status || !*written)
        return status;
    return snapshot_write(path, &compilation->parts, err);
}

int store_compile(struct store *store, const char *path, bool *written, struct err *err)
{
    struct compilation compilation = {.store = store};
    struct err unusable; /* an old snapshot that can't be used is no error: all is compiled */
    bool any = false;
    if (!snapshot_open(&compilation.old, path, &unusable) &&
        snapshot_verify(&compilation.old, &unusable))
        snapshot_close(&compilation.old);
    int status = read_and_write(&compilation, path, written ? written : &any, err);
    snapshot_close(&compilation.old);
    dict_builder_free(compilation.builder);
    free(compilation.hmm);
    pos_builder_free(compilation.pos);
    store_free_keywords(&compilation.keywords);
    wordlist_free(compilation.listed);
    store_free_images(&compilation.images);
    return status;
}
