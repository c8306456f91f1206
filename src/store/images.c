#include "store/images.h"

#include "snapshot/alias_table.h"
#include "snapshot/snapshot.h"
#include "store/internal.h"

static const char all[] = "SELECT '', weight, url FROM images WHERE enabled ORDER BY id";

/* Those that have a tag, with their numbers; equal tags stand together. */
static const char tagged[] =
    "SELECT tag, weight, number FROM"
    " (SELECT tag, weight, row_number() OVER (ORDER BY id) - 1 AS number FROM images WHERE enabled)"
    " WHERE tag <> '' ORDER BY tag, number";

/* The list that is being filled, or NULL. */
static struct snapshot_list *last_list(const struct store_images *images)
{
    size_t n = images->lists.len / sizeof(struct snapshot_list);
    return n ? (struct snapshot_list *)images->lists.at + n - 1 : NULL;
}

static int begin_list(struct store_images *images, struct str tag, struct err *err)
{
    size_t first = images->choices.len / sizeof(struct snapshot_choice);
    struct snapshot_list list = {.first = (uint32_t)first};
    if (tag.len > sizeof list.tag || strlen(tag.at) < tag.len)
        return err_set(err, "the tag '%s' has a NUL or more than %u bytes: correct it", tag.at,
                       SNAPSHOT_TAG_SIZE);
    memcpy(list.tag, tag.at, tag.len);
    buf_add(&images->lists, &list, sizeof list);
    return images->lists.failed ? err_set(err, "out of memory for the tags") : 0;
}

/* Add a URL, which is to be safe in a header: the schema refuses all that is not. */
static int add_url(struct store_images *images, struct str url, struct err *err)
{
    if (!snapshot_is_url_safe(url))
        return err_set(err, "the URL of image %zu has control characters: correct it",
                       images->ends.len / sizeof(uint64_t) + 1);
    buf_add_str(&images->text, url);
    uint64_t end = images->text.len;
    buf_add(&images->ends, &end, sizeof end);
    return 0;
}

/* Add the choice of a row, to the list of its tag. */
static int add_choice(struct store_images *images, sqlite3_stmt *row, uint32_t image,
                      struct err *err)
{
    struct str tag = store_text(row, 0);
    struct snapshot_list *list = last_list(images);
    if (!list || !str_eq(snapshot_tag(list), tag)) {
        if (begin_list(images, tag, err))
            return -1;
        list = last_list(images);
    }
    int64_t weight = sqlite3_column_int64(row, 1);
    if (weight < 1 || weight > SNAPSHOT_MAX_WEIGHT ||
        images->choices.len / sizeof(struct snapshot_choice) == UINT32_MAX)
        return err_set(err, "the weight %lld is out of range, or there are too many images",
                       (long long)weight);
    struct snapshot_choice choice = {.threshold = (uint64_t)weight, .image = image};
    buf_add(&images->choices, &choice, sizeof choice);
    list->n++;
    return 0;
}

/* What is done with a row; 0 or -1 with a reason. */
typedef int take_row(struct store_images *images, sqlite3_stmt *row, struct err *err);

static int add_image(struct store_images *images, sqlite3_stmt *row, struct err *err)
{
    uint32_t number = (uint32_t)(images->ends.len / sizeof(uint64_t));
    return add_url(images, store_text(row, 2), err) || add_choice(images, row, number, err) ? -1
                                                                                            : 0;
}

static int add_tagged(struct store_images *images, sqlite3_stmt *row, struct err *err)
{
    return add_choice(images, row, (uint32_t)sqlite3_column_int64(row, 2), err);
}

static int read_rows(struct store *store, const char *sql, take_row *take,
                     struct store_images *images, struct err *err)
{
    sqlite3_stmt *rows = store_prepare(store, sql, err);
    int got = rows ? 0 : -1;
    while (!got && (got = store_step(store, rows, err)) > 0)
        got = take(images, rows, err);
    sqlite3_finalize(rows);
    return got;
}

static int fill_lists(struct store_images *images, struct err *err)
{
    struct snapshot_list *lists = (struct snapshot_list *)images->lists.at;
    size_t n = images->lists.len / sizeof *lists;
    if (images->ends.failed || images->text.failed || images->choices.failed)
        return err_set(err, "out of memory for the images");
    for (size_t i = 0; i < n; i++) {
        struct snapshot_choice *choices =
            (struct snapshot_choice *)images->choices.at + lists[i].first;
        if (alias_table_fill(choices, lists[i].n, &lists[i].total, err))
            return -1;
    }
    return 0;
}

int store_read_images(struct store *store, struct store_images *images, struct err *err)
{
    if (read_rows(store, all, add_image, images, err) ||
        read_rows(store, tagged, add_tagged, images, err))
        return -1;
    return fill_lists(images, err);
}

void store_free_images(struct store_images *images)
{
    buf_free(&images->ends);
    buf_free(&images->text);
    buf_free(&images->lists);
    buf_free(&images->choices);
}
