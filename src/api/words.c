#include "api/words.h"

#include "api/json.h"
#include "segmenter/offsets.h"
#include "segmenter/tag.h"

#include <stdbool.h>
#include <stdint.h>

/* The lists that are written side by side. Tags and positions stay in buffers of their own until all
 * words are written. */
struct lists {
    struct str text;
    struct json_source source; /* The text, prepared for json_add_words(). */
    struct buf *words;         /* The body. */
    struct buf *tags;          /* The tags as JSON; NULL if they are not wanted. */
    struct buf *ranges;        /* An array of `struct range`; NULL if it is not wanted. */
    struct text_cursor cursor; /* The position of the last word, for the ranges. */
    bool has_words;            /* Whether a word was written. */
};

/* The code points [begin, end) of a text. A text has less than 4 GB. */
struct range {
    uint32_t begin, end;
};

static void note_ranges(struct lists *lists, const struct str *words, size_t n)
{
    struct range *to = (struct range *)buf_reserve(lists->ranges, n * sizeof *to);
    if (!to)
        return;
    for (size_t i = 0; i < n; i++) {
        struct char_range range = text_cursor_move(&lists->cursor, words[i]);
        to[i] = (struct range){(uint32_t)range.begin, (uint32_t)range.end};
    }
    lists->ranges->len += n * sizeof *to;
}

/* Receive words, and append them to the body. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct lists *lists = arg;
    if (n > 0 && lists->has_words)
        buf_add_text(lists->words, ", ");
    lists->has_words |= n > 0;
    json_add_words(lists->words, &lists->source, words, n);
    if (lists->ranges)
        note_ranges(lists, words, n);
    return lists->words->failed || (lists->ranges && lists->ranges->failed) ? -1 : 0;
}

static int add_words_and_tags(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct lists *lists = arg;
    if (n > 0 && lists->tags->len > 0)
        buf_add_text(lists->tags, ", ");
    json_add_strings(lists->tags, tags, n);
    return add_words(arg, words, n) || lists->tags->failed ? -1 : 0;
}

enum refusal words_conflict(const struct words_options *options)
{
    if (options->pos && options->mode != SEGMENT_ACCURATE)
        return REFUSE_POS_MODE;
    if (options->offsets && options->mode == SEGMENT_FULL)
        return REFUSE_OFFSETS_MODE;
    return REFUSE_NOTHING;
}

/* Segment the text into the lists. Returns as words_add(). */
static int fill_lists(struct api *api, const struct words_options *options, struct lists *lists,
                      struct err *err)
{
    const struct dict *dict = &api->snapshot->dict;
    if (lists->text.len == 0)
        return 0;
    if (lists->tags)
        return segmenter_tag(api->seg, dict, lists->text, options->hmm, add_words_and_tags, lists,
                             err);
    return segmenter_cut(api->seg, dict, lists->text, options->mode, options->hmm, add_words, lists,
                         err);
}

/* Append the list of tags, unless it is NULL. */
static void add_tags(struct buf *out, const struct buf *tags)
{
    if (!tags)
        return;
    buf_add_text(out, ", \"tags\": [");
    buf_add_str(out, buf_str(tags));
    buf_add_char(out, ']');
}

/* Append the list of positions, unless it is NULL. */
static void add_offsets(struct buf *out, const struct buf *ranges)
{
    if (!ranges)
        return;
    const struct range *range = (const struct range *)ranges->at;
    buf_add_text(out, ", \"offsets\": [");
    for (size_t i = 0; i < ranges->len / sizeof *range && !out->failed; i++)
        json_add_pair(out, i > 0, range[i].begin, range[i].end);
    buf_add_char(out, ']');
}

/* Empty the buffer of a list, and give it the limit of the body. Returns NULL where the list is not
 * `wanted`. */
static struct buf *prepare_list(struct buf *list, const struct buf *body, bool wanted)
{
    buf_reset(list);
    list->limit = body->limit;
    return wanted ? list : NULL;
}

/* Fail the body where a list has failed. */
static void pass_failure(struct buf *out, const struct buf *list)
{
    out->failed |= list->failed;
    out->is_full |= list->is_full;
}

int words_add(struct api *api, struct str text, const struct words_options *options,
              struct buf *out, struct err *err)
{
    struct lists lists = {.text = text,
                          .words = out,
                          .tags = prepare_list(&api->tags, out, options->pos),
                          .ranges = prepare_list(&api->ranges, out, options->offsets),
                          .cursor = text_cursor_begin(text)};
    json_source_begin(&lists.source, text);
    buf_add_text(out, "\"words\": [");
    int status = fill_lists(api, options, &lists, err);
    pass_failure(out, &api->tags);
    pass_failure(out, &api->ranges);
    buf_add_char(out, ']');
    add_tags(out, lists.tags);
    add_offsets(out, lists.ranges);
    return status;
}
