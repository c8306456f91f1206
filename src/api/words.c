#include "api/words.h"

#include "api/json.h"
#include "segmenter/offsets.h"
#include "segmenter/tag.h"

/* The lists that are written side by side. Tags and offsets stay in buffers of their own until all
 * words are written. */
struct lists {
    struct buf *words;
    struct buf *tags, *offsets; /* NULL for a list that is not wanted */
    struct text_cursor cursor;
};

/* Receive words, and append them to the body. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct buf *out = arg;
    if (n > 0 && out->len > 0 && out->at[out->len - 1] != '[')
        buf_add_text(out, ", ");
    json_add_strings(out, words, n);
    return 0;
}

static void add_number(struct buf *out, size_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    buf_add(out, digits + at, sizeof digits - at);
}

static void add_offsets(struct lists *lists, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct char_range range = text_cursor_move(&lists->cursor, words[i]);
        buf_add_text(lists->offsets, lists->offsets->len ? ", [" : "[");
        add_number(lists->offsets, range.begin);
        buf_add_text(lists->offsets, ", ");
        add_number(lists->offsets, range.end);
        buf_add_char(lists->offsets, ']');
    }
}

static int add_words_and_offsets(void *arg, const struct str *words, size_t n)
{
    struct lists *lists = arg;
    add_offsets(lists, words, n);
    return add_words(lists->words, words, n);
}

static int add_words_and_tags(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct lists *lists = arg;
    if (lists->offsets)
        add_offsets(lists, words, n);
    if (n > 0 && lists->tags->len > 0)
        buf_add_text(lists->tags, ", ");
    json_add_strings(lists->tags, tags, n);
    return add_words(lists->words, words, n);
}

const char *words_conflict(const struct words_options *options)
{
    if (options->pos && options->mode != SEGMENT_ACCURATE)
        return "pos needs mode=accurate";
    if (options->offsets && options->mode == SEGMENT_FULL)
        return "offsets needs mode=accurate or mode=search";
    return NULL;
}

/* Segment the text into the lists. Returns as words_add(). */
static int fill_lists(struct api *api, struct str text, const struct words_options *options,
                      struct lists *lists, struct err *err)
{
    const struct dict *dict = &api->snapshot->dict;
    if (text.len == 0)
        return 0;
    if (lists->tags)
        return segmenter_tag(api->seg, dict, text, options->hmm, add_words_and_tags, lists, err);
    if (lists->offsets)
        return segmenter_cut(api->seg, dict, text, options->mode, options->hmm,
                             add_words_and_offsets, lists, err);
    return segmenter_cut(api->seg, dict, text, options->mode, options->hmm, add_words, lists->words,
                         err);
}

/* Append a list that was kept in a buffer, unless it is NULL. */
static void add_list(struct buf *out, const char *name, const struct buf *list)
{
    if (!list)
        return;
    buf_add_text(out, name);
    buf_add_str(out, buf_str(list));
    buf_add_char(out, ']');
    out->failed |= list->failed;
}

int words_add(struct api *api, struct str text, const struct words_options *options,
              struct buf *out, struct err *err)
{
    struct lists lists = {.words = out,
                          .tags = options->pos ? &api->tags : NULL,
                          .offsets = options->offsets ? &api->offsets : NULL,
                          .cursor = text_cursor_begin(text)};
    buf_reset(&api->tags);
    buf_reset(&api->offsets);
    buf_add_text(out, "\"words\": [");
    int status = fill_lists(api, text, options, &lists, err);
    buf_add_char(out, ']');
    add_list(out, ", \"tags\": [", lists.tags);
    add_list(out, ", \"offsets\": [", lists.offsets);
    return status;
}
