#include "store/compile.h"

#include "snapshot/sections.h"
#include "snapshot/snapshot.h"
#include "snapshot/write.h"
#include "store/compile_parts.h"
#include "store/guard.h"
#include "store/row_rules.h"
#include "store/schema.h"

#include <assert.h>
#include <stdlib.h>

static compile_part *const parts[] = {
    [SNAPSHOT_PART_WORDS] = compile_words,
    [SNAPSHOT_PART_MODEL] = compile_model,
    [SNAPSHOT_PART_IMAGES] = compile_images,
    [SNAPSHOT_PART_KEYWORDS] = compile_keywords,
};

static_assert(sizeof parts / sizeof *parts == SNAPSHOT_PARTS, "every part needs a function");

/* One compilation. */
struct compilation {
    struct store *store;
    struct snapshot old;                 /* The snapshot at the path, or closed. */
    struct snapshot content;             /* The sections to write; borrowed from the others. */
    struct snapshot_revisions revisions; /* What is compiled. */
    struct compiled compiled;            /* The memory of the parts that have changed. */
    struct guard guard;                  /* What may not be served. */
};

/* Whether a part has to be compiled, since the old snapshot does not have its revision. */
static bool has_changed(const struct compilation *compilation, enum snapshot_part part)
{
    const struct snapshot_header *old = compilation->old.header;
    const struct snapshot_revisions *now = &compilation->revisions;
    return !old || old->revisions.store != now->store ||
           old->revisions.parts[part] != now->parts[part];
}

static void carry_over(struct compilation *compilation, enum snapshot_part part)
{
    sections_share(&compilation->content, &compilation->old, part);
    compilation->revisions.parts[part] = compilation->old.header->revisions.parts[part];
}

/* Replace the reason why a part cannot be compiled by one that names the row, if that is forbidden. */
static void name_row(struct store *store, enum snapshot_part part, struct err *err)
{
    struct err found;
    if (store_check_rows(store, part, true, &found))
        *err = found;
}

/* Compile a part, after checking its rows. A row of the previous snapshot is not checked again, since
 * checking all takes longer than compiling them. */
static int compile_rows(struct compilation *compilation, enum snapshot_part part, struct err *err)
{
    struct store *store = compilation->store;
    if (store_check_rows(store, part, !compilation->old.header, err))
        return -1;
    if (parts[part](store, &compilation->compiled, &compilation->content, err)) {
        name_row(store, part, err);
        return -1;
    }
    return 0;
}

/* Compile a part. Carries it over where the guard refuses it, else sets `*any`. */
static int compile_guarded(struct compilation *compilation, enum snapshot_part part, bool *any,
                           struct err *err)
{
    const struct snapshot_header *old = compilation->old.header;
    const struct snapshot_revisions *now = &compilation->revisions;
    if (compile_rows(compilation, part, err))
        return -1;
    compilation->guard.parts[part].is_judged = compilation->guard.parts[part].is_guarded;
    if (old && old->revisions.store == now->store &&
        guard_judge(&compilation->guard, compilation->store, part, &compilation->old,
                    &compilation->content, now->parts[part], err))
        return -1;
    if (guard_refuses_part(&compilation->guard, part))
        carry_over(compilation, part);
    else
        *any = true;
    return 0;
}

/* Compile the parts that have changed, and carry the others over. Sets `*any` to whether one has
 * changed. */
static int compile_parts(struct compilation *compilation, bool *any, struct err *err)
{
    struct store *store = compilation->store;
    if (store_check_schema(store, err) || store_revisions(store, &compilation->revisions, err) ||
        guard_read(store, &compilation->guard, err))
        return -1;
    *any = false;
    for (int i = 0; i < SNAPSHOT_PARTS; i++) {
        enum snapshot_part part = (enum snapshot_part)i;
        if (!has_changed(compilation, part))
            carry_over(compilation, part);
        else if (compile_guarded(compilation, part, any, err))
            return -1;
    }
    return 0;
}

/* Read everything in one transaction, so that it is consistent, and write the file after it, since a
 * long transaction keeps SQLite from truncating the WAL. */
static int read_and_write(struct compilation *compilation, const char *path, bool record,
                          bool *written, struct err *err)
{
    if (store_exec(compilation->store, "BEGIN", err))
        return -1;
    int status = compile_parts(compilation, written, err);
    store_exec(compilation->store, "ROLLBACK", &(struct err){0});
    if (status)
        return -1;
    guard_record(&compilation->guard, compilation->store, record);
    if (*written && snapshot_write(path, &compilation->content, &compilation->revisions, err))
        return -1;
    return guard_refuses(&compilation->guard, err) ? STORE_COMPILE_REFUSED : 0;
}

static void free_compiled(struct compiled *compiled)
{
    dict_builder_free(compiled->dict);
    free(compiled->hmm);
    pos_builder_free(compiled->pos);
    buf_free(&compiled->ends);
    buf_free(&compiled->text);
    buf_free(&compiled->lists);
    buf_free(&compiled->choices);
    buf_free(&compiled->values);
    word_table_builder_free(&compiled->idf);
    word_table_builder_free(&compiled->stop_words);
}

int store_compile(struct store *store, const char *path, bool record, bool *written,
                  struct err *err)
{
    struct compilation compilation = {.store = store, .compiled.old = &compilation.old};
    struct err unusable;
    bool any = false;
    /* An old snapshot that is unusable is no error: nothing is carried over. */
    if (!snapshot_open(&compilation.old, path, &unusable) &&
        snapshot_verify(&compilation.old, &unusable))
        snapshot_close(&compilation.old);
    int status = read_and_write(&compilation, path, record, written ? written : &any, err);
    snapshot_close(&compilation.old);
    free_compiled(&compilation.compiled);
    return status;
}
