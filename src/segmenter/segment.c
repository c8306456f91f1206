#include "segmenter/segment.h"

#include "segmenter/accurate.h"
#include "segmenter/block.h"
#include "segmenter/full.h"
#include "segmenter/latin.h"
#include "segmenter/output.h"
#include "segmenter/phrases.h"
#include "segmenter/pos_hmm.h"
#include "segmenter/segmenter.h"

#include <stdlib.h>

struct segmenter *segmenter_new(void)
{
    return calloc(1, sizeof(struct segmenter));
}

void segmenter_free(struct segmenter *seg)
{
    if (!seg)
        return;
    free(seg->singles);
    buf_free(&seg->joined);
    pos_columns_free(seg->columns);
    free(seg);
}

/* White space of Python's re, "\s" in a str pattern: str.isspace() of Unicode 15. */
static bool is_space(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/*
 * Cut the text between two blocks. Each character is a word, and so is CR LF; in full mode each
 * white space is, and so is the text before, between and after white space, which can be empty.
 * Returns where the text ends, or NULL at invalid UTF-8 with its position in `*bad`.
 */
static const char *cut_gap(struct segmenter *seg, const char *at, const char *end, bool full,
                           const char **bad)
{
    const char *piece = at;
    while (at < end) {
        uint32_t code = 0;
        size_t len = block_read_gap(at, end, &code);
        if (!len) {
            *bad = at;
            return NULL;
        }
        if (dict_label(code))
            break;
        if (!full || is_space(code)) {
            if (full)
                output_put(seg, piece, (size_t)(at - piece));
            output_put(seg, at, len);
            piece = at + len;
        }
        at += len;
    }
    if (full)
        output_put(seg, piece, (size_t)(at - piece));
    return at;
}

static void cut_block(struct segmenter *seg, bool full, bool hmm)
{
    if (cut_latin_block(seg, hmm && !full))
        return;
    block_look_up_pairs(seg);
    if (full)
        cut_full(seg);
    else if (hmm)
        cut_hmm(seg);
    else
        cut_no_hmm(seg);
}

/* Cut a text without phrases block by block. Returns NULL, or the position of invalid UTF-8. */
static const char *cut_text(struct segmenter *seg, struct str text, bool full, bool hmm)
{
    const char *bad = NULL, *end = text.at + text.len;
    for (const char *at = text.at; at && at < end && !seg->out.status;) {
        at = block_read(seg, at, end);
        if (seg->n)
            cut_block(seg, full, hmm);
        if (at < end)
            at = cut_gap(seg, at, end, full, &bad);
    }
    return bad;
}

/* Cut a text, and find the phrases in it first. Returns what cut_text() does. */
static const char *cut_around_phrases(struct segmenter *seg, struct str text, bool full, bool hmm)
{
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !seg->out.status;) {
        uint32_t unit;
        struct str phrase = phrase_find(seg->dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = cut_text(seg, before, full, hmm);
        if (phrase.len)
            output_put_phrase(seg, phrase);
        at += before.len + phrase.len;
    }
    return bad;
}

int segmenter_cut(struct segmenter *seg, const struct dict *dict, struct str text,
                  enum segment_mode mode, bool hmm, word_sink *sink, void *arg, struct err *err)
{
    bool full = mode == SEGMENT_FULL;
    if (block_prepare(seg, dict, text, err))
        return -1;
    output_begin(seg, sink, NULL, arg);
    seg->search = mode == SEGMENT_SEARCH;
    const char *bad =
        dict->n_phrases ? cut_around_phrases(seg, text, full, hmm) : cut_text(seg, text, full, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    output_flush(seg);
    if (seg->out.status || seg->joined.failed)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}
