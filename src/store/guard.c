#include "store/guard.h"

#include "segmenter/phrases.h"
#include "segmenter/suggest_freq.h"
#include "snapshot/counts.h"
#include "snapshot/images.h"
#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A list of fewer rows may change as a whole, but not lose all of its rows. */
#define SHORT_LIST 20

/* The low bits of a revision are random; see sql/schema.sql. */
#define REVISION_RANDOM_BITS 20

static int read_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    struct guard *guard = arg;
    struct str name = store_text(row, 0);
    for (int i = 0; i < SNAPSHOT_PARTS; i++) {
        if (str_is(name, snapshot_part_name((enum snapshot_part)i)))
            guard->parts[i] = (struct guard_part){.is_guarded = true,
                                                  .percent = sqlite3_column_int64(row, 1),
                                                  .confirmed = sqlite3_column_int64(row, 2),
                                                  .recorded = sqlite3_column_int64(row, 3),
                                                  .allowed = (uint64_t)sqlite3_column_int64(row, 4),
                                                  .refused = -1};
    }
    return 0;
}

int guard_read(struct store *store, struct guard *guard, struct err *err)
{
    *guard = (struct guard){0};
    /* The limits hold even where PRAGMA ignore_check_constraints let other values in. */
    return store_each_row(store,
                          "SELECT part, max(0, min(100, percent)), confirmed, ifnull(refused, -1),"
                          " max(0, ifnull(gone, 0)) FROM guard",
                          read_row, guard, err);
}

/* The words that both snapshots have. */
struct kept_words {
    const struct dict *old, *now;
    uint64_t n;
};

static bool has_word(const struct dict *dict, struct str word)
{
    struct freq_source freqs = dict_freq_source(dict);
    return freqs.of(freqs.source, word) > 0 ||
           (dict->n_phrases && word.len && phrase_exists(dict, word));
}

static int count_kept_word(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    struct kept_words *kept = arg;
    struct str word = store_text(row, 0);
    kept->n += has_word(kept->old, word) && has_word(kept->now, word);
    return 0;
}

static int compare_urls(const void *one, const void *other)
{
    return str_compare(*(const struct str *)one, *(const struct str *)other);
}

/* Return all URLs, sorted; the caller frees the array, and the texts are borrowed. NULL if there is no
 * memory. */
static struct str *sort_urls(const struct snapshot *snapshot)
{
    struct str *urls = malloc((snapshot->n_images + 1) * sizeof *urls);
    if (!urls)
        return NULL;
    for (uint32_t i = 0; i < snapshot->n_images; i++)
        urls[i] = snapshot_image(snapshot, i);
    qsort(urls, snapshot->n_images, sizeof *urls, compare_urls);
    return urls;
}

static uint64_t count_common(const struct str *old, size_t n_old, const struct str *now,
                             size_t n_now)
{
    uint64_t n = 0;
    for (size_t i = 0, j = 0; i < n_old && j < n_now;) {
        int order = compare_urls(&old[i], &now[j]);
        n += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return n;
}

/* Count the rows that both snapshots have. */
static int count_kept(struct store *store, enum snapshot_part part, const struct snapshot *old,
                      const struct snapshot *now, uint64_t *n, struct err *err)
{
    if (part == SNAPSHOT_PART_WORDS) {
        struct kept_words kept = {&old->dict, &now->dict, 0};
        int status = store_each_row(store, "SELECT word FROM words", count_kept_word, &kept, err);
        *n = kept.n;
        return status;
    }
    struct str *before = sort_urls(old), *after = sort_urls(now);
    int status = before && after ? 0 : err_set(err, "out of memory to compare the images");
    if (!status)
        *n = count_common(before, old->n_images, after, now->n_images);
    free(before);
    free(after);
    return status;
}

/* Whether so many of the rows are too many, besides those whose loss was confirmed. */
static bool is_too_much(const struct guard_part *part)
{
    uint64_t gone = part->gone > part->allowed ? part->gone - part->allowed : 0;
    if (part->n < SHORT_LIST || gone == part->n)
        return gone == part->n;
    return gone > part->n * (uint64_t)part->percent / 100;
}

static uint64_t count_rows(const struct snapshot *snapshot, enum snapshot_part part)
{
    struct snapshot_counts counts = snapshot_count_rows(snapshot);
    return counts.rows[part == SNAPSHOT_PART_WORDS ? SNAPSHOT_TABLE_WORDS : SNAPSHOT_TABLE_IMAGES];
}

/* Return the most rows that can be gone: each changed row raises the revision above its random bits by
 * one, and one switch of the settings can take many words away. */
static uint64_t most_gone(const struct guard_part *part, uint64_t revision, uint64_t n_now)
{
    uint64_t changes = (revision >> REVISION_RANDOM_BITS) - (part->served >> REVISION_RANDOM_BITS),
             fewer = part->n > n_now ? part->n - n_now : 0;
    uint64_t most = changes > fewer ? changes : fewer;
    return most < part->n ? most : part->n;
}

int guard_judge(struct guard *guard, struct store *store, enum snapshot_part part,
                const struct snapshot *old, const struct snapshot *now, uint64_t revision,
                struct err *err)
{
    struct guard_part *verdict = &guard->parts[part];
    if (!verdict->is_guarded || verdict->confirmed == (int64_t)revision)
        return 0;
    uint64_t kept = 0;
    verdict->n = count_rows(old, part);
    verdict->served = old->header->revisions.parts[part];
    /* Nothing more may go if what was confirmed is served, or something else was refused since. */
    if (verdict->confirmed <= (int64_t)verdict->served || verdict->confirmed < verdict->recorded)
        verdict->allowed = 0;
    verdict->gone = most_gone(verdict, revision, count_rows(now, part));
    if (!verdict->n || !is_too_much(verdict))
        return 0;
    if (count_kept(store, part, old, now, &kept, err))
        return -1;
    verdict->gone = verdict->n - kept;
    if (is_too_much(verdict) && (verdict->n >= SHORT_LIST || !count_rows(now, part)))
        verdict->refused = (int64_t)revision;
    return 0;
}

/* Write one verdict. Returns false where the store is locked. */
static bool record_part(struct store *store, const char *part, const struct guard_part *verdict)
{
    char sql[256];
    if (verdict->refused < 0)
        snprintf(sql, sizeof sql, "UPDATE guard SET refused = NULL WHERE part = '%s'", part);
    else
        snprintf(sql, sizeof sql,
                 "UPDATE guard SET refused = %" PRId64 ", gone = %" PRIu64 ", n = %" PRIu64
                 ", served = %" PRIu64 " WHERE part = '%s'",
                 verdict->refused, verdict->gone, verdict->n, verdict->served, part);
    store_exec(store, sql, &(struct err){0});
    return sqlite3_errcode(store->db) != SQLITE_BUSY;
}

bool guard_record(const struct guard *guard, const struct store *store, bool refusals)
{
    struct store *writable = NULL;
    bool is_done = true;
    for (int i = 0; is_done && i < SNAPSHOT_PARTS; i++) {
        const struct guard_part *verdict = &guard->parts[i];
        if (!verdict->is_judged || verdict->refused == verdict->recorded ||
            (verdict->refused >= 0 && !refusals))
            continue;
        if (!writable && !(writable = store_open(store->path, STORE_WRITE, &(struct err){0})))
            return true;
        is_done = record_part(writable, snapshot_part_name((enum snapshot_part)i), verdict);
    }
    store_close(writable);
    return is_done;
}

bool guard_refuses(const struct guard *guard, struct err *err)
{
    for (int i = 0; i < SNAPSHOT_PARTS; i++) {
        const struct guard_part *verdict = &guard->parts[i];
        const char *part = snapshot_part_name((enum snapshot_part)i);
        if (!guard_refuses_part(guard, (enum snapshot_part)i))
            continue;
        err_set(err,
                "%" PRIu64 " of %" PRIu64 " %s would be gone, so the previous ones are served: to "
                "confirm this edit, UPDATE guard SET confirmed = %" PRId64
                " WHERE part = '%s'; to undo it, see SELECT undo FROM guard_check",
                verdict->gone, verdict->n, part, verdict->refused, part);
        return true;
    }
    return false;
}
