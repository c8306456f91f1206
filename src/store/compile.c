#include "store/compile.h"

#include "snapshot/sections.h"
#include "snapshot/snapshot.h"
#include "snapshot/write.h"
#include "store/compile_parts.h"
#include "store/guard.h"
#include "store/row_rules.h"
#include "store/schema.h"

#include <assert.h>
#include <inttypes.h>
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
    bool is_preview;                     /* Whether refused parts are compiled all the same. */
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
    if (guard_refuses_part(&compilation->guard, part) && !compilation->is_preview)
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
        struct guard_part *guard = &compilation->guard.parts[i];
        if (!has_changed(compilation, part)) {
            carry_over(compilation, part);
            /* What was refused is gone: a backup was restored. */
            guard->is_judged = guard->is_guarded;
        } else if (compile_guarded(compilation, part, any, err)) {
            return -1;
        }
    }
    return 0;
}

/* Compile everything in one transaction, so that it is consistent. */
static int read_parts(struct compilation *compilation, bool *any, struct err *err)
{
    if (store_exec(compilation->store, "BEGIN", err))
        return -1;
    int status = compile_parts(compilation, any, err);
    store_exec(compilation->store, "ROLLBACK", &(struct err){0});
    return status;
}

/* Read everything, and write the file after the transaction, since a long one keeps SQLite from
 * truncating the WAL. */
static int read_and_write(struct compilation *compilation, const char *path, bool record,
                          bool *written, struct err *err)
{
    if (read_parts(compilation, written, err))
        return -1;
    bool is_recorded = guard_record(&compilation->guard, compilation->store, record);
    if (*written && snapshot_write(path, &compilation->content, &compilation->revisions, err))
        return -1;
    if (!guard_refuses(&compilation->guard, err))
        return 0;
    return is_recorded ? STORE_COMPILE_REFUSED : STORE_COMPILE_UNRECORDED;
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

/* Begin to compile the store, with the snapshot at `path`. An unusable one is no error: nothing is carried
 * over from it. */
static void open_compilation(struct compilation *compilation, struct store *store, const char *path)
{
    struct err unusable;
    *compilation = (struct compilation){.store = store, .compiled.old = &compilation->old};
    if (!snapshot_open(&compilation->old, path, &unusable) &&
        snapshot_verify(&compilation->old, &unusable))
        snapshot_close(&compilation->old);
}

static void close_compilation(struct compilation *compilation)
{
    snapshot_close(&compilation->old);
    free_compiled(&compilation->compiled);
}

int store_compile(struct store *store, const char *path, bool record, bool *written,
                  struct err *err)
{
    struct compilation compilation;
    bool any = false;
    open_compilation(&compilation, store, path);
    int status = read_and_write(&compilation, path, record, written ? written : &any, err);
    close_compilation(&compilation);
    return status;
}

struct store_preview {
    struct compilation compilation;
};

struct store_preview *store_preview_new(struct store *store, const char *path, struct err *err)
{
    bool any = false;
    struct store_preview *preview = calloc(1, sizeof *preview);
    if (!preview) {
        err_set(err, "out of memory to compile %s", store->path);
        return NULL;
    }
    open_compilation(&preview->compilation, store, path);
    preview->compilation.is_preview = true;
    if (read_parts(&preview->compilation, &any, err)) {
        store_preview_free(preview);
        return NULL;
    }
    return preview;
}

void store_preview_free(struct store_preview *preview)
{
    if (!preview)
        return;
    close_compilation(&preview->compilation);
    free(preview);
}

const struct snapshot *store_preview_content(const struct store_preview *preview)
{
    return &preview->compilation.content;
}

const struct snapshot *store_preview_served(const struct store_preview *preview)
{
    return &preview->compilation.old;
}

bool store_preview_is_same_store(const struct store_preview *preview)
{
    const struct snapshot_header *old = preview->compilation.old.header;
    return old && old->revisions.store == preview->compilation.revisions.store;
}

bool store_preview_has_changed(const struct store_preview *preview, enum snapshot_part part)
{
    return has_changed(&preview->compilation, part);
}

bool store_preview_is_refused(const struct store_preview *preview, enum snapshot_part part,
                              struct err *reason)
{
    const struct guard_part *verdict = &preview->compilation.guard.parts[part];
    if (!guard_refuses_part(&preview->compilation.guard, part))
        return false;
    err_set(reason, "%" PRIu64 " of %" PRIu64 " %s would be gone", verdict->gone, verdict->n,
            snapshot_part_name(part));
    return true;
}
