#include "snapshot/images.h"
#include "store/compile_parts.h"

static const char query_all[] = "SELECT '', weight, url FROM images WHERE enabled ORDER BY id";

/* The images that have a tag, by tag, each with its index among all images. */
static const char query_tagged[] =
    "SELECT tag, weight, number FROM"
    " (SELECT tag, weight, row_number() OVER (ORDER BY id) - 1 AS number FROM images WHERE enabled)"
    " WHERE tag <> '' ORDER BY tag, number";

/* The list that is being filled, or NULL before the first. */
static struct snapshot_list *last_list(const struct compiled *compiled)
{
    size_t n = compiled->lists.len / sizeof(struct snapshot_list);
    return n ? (struct snapshot_list *)compiled->lists.at + n - 1 : NULL;
}

static int begin_list(struct compiled *compiled, struct str tag, struct err *err)
{
    size_t first = compiled->choices.len / sizeof(struct snapshot_choice);
    struct snapshot_list list = {.first = (uint32_t)first};
    if (tag.len > sizeof list.tag)
        return err_set(err, "the tag '%.*s' has more than %u bytes", (int)tag.len, tag.at,
                       SNAPSHOT_TAG_SIZE);
    memcpy(list.tag, tag.at, tag.len);
    buf_add(&compiled->lists, &list, sizeof list);
    return compiled->lists.failed ? err_set(err, "out of memory for the tags of images") : 0;
}

static void add_url(struct compiled *compiled, struct str url)
{
    buf_add_str(&compiled->text, url);
    uint64_t end = compiled->text.len;
    buf_add(&compiled->ends, &end, sizeof end);
}

/* Add an image to the list of the row's tag. Its weight is stored as the threshold until the alias
 * tables are built. */
static int add_choice(struct compiled *compiled, sqlite3_stmt *row, uint32_t image, struct err *err)
{
    struct str tag = store_text(row, 0);
    struct snapshot_list *list = last_list(compiled);
    if (!list || !str_eq(snapshot_list_tag(list), tag)) {
        if (begin_list(compiled, tag, err))
            return -1;
        list = last_list(compiled);
    }
    if (compiled->choices.len / sizeof(struct snapshot_choice) == UINT32_MAX)
        return err_set(err, "there are too many images: at most %u are allowed", UINT32_MAX);
    struct snapshot_choice choice = {.threshold = (uint64_t)sqlite3_column_int64(row, 1),
                                     .image = image};
    buf_add(&compiled->choices, &choice, sizeof choice);
    list->n++;
    return 0;
}

static int add_image_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct compiled *compiled = arg;
    uint32_t image = (uint32_t)(compiled->ends.len / sizeof(uint64_t));
    add_url(compiled, store_text(row, 2));
    return add_choice(compiled, row, image, err);
}

static int add_tagged_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    return add_choice(arg, row, (uint32_t)sqlite3_column_int64(row, 2), err);
}

static int build_alias_tables(struct compiled *compiled, struct err *err)
{
    struct snapshot_list *lists = (struct snapshot_list *)compiled->lists.at;
    struct snapshot_choice *choices = (struct snapshot_choice *)compiled->choices.at;
    size_t n = compiled->lists.len / sizeof *lists;
    if (compiled->ends.failed || compiled->text.failed || compiled->choices.failed)
        return err_set(err, "out of memory for the images");
    for (size_t i = 0; i < n; i++) {
        if (alias_table_build(choices + lists[i].first, lists[i].n, &lists[i].total, err))
            return -1;
    }
    return 0;
}

static int read_settings(struct store *store, struct snapshot_image_settings *settings,
                         struct err *err)
{
    static const char query[] = "SELECT value FROM settings WHERE name = 'redirect_no_referrer'";
    int64_t value = 0;
    if (store_query_int(store, query, &value, err))
        return -1;
    settings->redirect_no_referrer = value == 1;
    return 0;
}

int compile_images(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                   struct err *err)
{
    if (read_settings(store, &compiled->settings, err) ||
        store_each_row(store, query_all, add_image_row, compiled, err) ||
        store_each_row(store, query_tagged, add_tagged_row, compiled, err) ||
        build_alias_tables(compiled, err))
        return -1;
    snapshot->image_ends = (const uint64_t *)(void *)compiled->ends.at;
    snapshot->n_images = (uint32_t)(compiled->ends.len / sizeof *snapshot->image_ends);
    snapshot->image_text = compiled->text.at;
    snapshot->image_text_size = compiled->text.len;
    snapshot->lists = (const struct snapshot_list *)(void *)compiled->lists.at;
    snapshot->n_lists = (uint32_t)(compiled->lists.len / sizeof *snapshot->lists);
    snapshot->choices = (const struct snapshot_choice *)(void *)compiled->choices.at;
    snapshot->n_choices = (uint32_t)(compiled->choices.len / sizeof *snapshot->choices);
    snapshot->image_settings = &compiled->settings;
    return 0;
}
