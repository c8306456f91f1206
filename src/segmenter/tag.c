#include "segmenter/tag.h"

#include "segmenter/best_path.h"
#include "segmenter/block.h"
#include "segmenter/output.h"
#include "segmenter/phrases.h"
#include "segmenter/pos.h"
#include "segmenter/pos_hmm.h"
#include "segmenter/segmenter.h"

/* Put the characters [begin, end) of the block as one word with this tag. */
static void put_with_tag(struct segmenter *seg, size_t begin, size_t end, struct str tag)
{
    uint32_t at = seg->offsets[begin];
    output_put_tagged(seg, seg->block + at, seg->offsets[end] - at, tag);
}

/* Put the characters [begin, end) of the block as one word with the dictionary's tag. */
static void put_with_dict_tag(struct segmenter *seg, size_t begin, size_t end)
{
    put_with_tag(seg, begin, end, dict_find_tag(seg->dict, seg->labels + begin, end - begin));
}

/* The tag of the state that pos_viterbi() found for character i. */
static struct str tag_of_state(const struct segmenter *seg, size_t i)
{
    return tag_str(&seg->dict->pos.base->names[seg->back[i] % POS_TAGS]);
}

/* Put each Chinese character alone with the tag "x": the dictionary has no model. */
static void tag_han_without_model(struct segmenter *seg, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        put_with_tag(seg, i, i + 1, str_of("x"));
}

/* Cut Chinese characters by the model. Characters after the last E or S are a word with the tag of
 * the first of them. */
static void tag_han(struct segmenter *seg, size_t begin, size_t end)
{
    if (pos_viterbi(seg, begin, end)) {
        seg->out.status = -1;
        return;
    }
    size_t word = begin;
    for (size_t i = begin; i < end; i++) {
        unsigned place = seg->back[i] / POS_TAGS;
        if (place == POS_AT_E || place == POS_AT_S) {
            put_with_tag(seg, word, i + 1, tag_of_state(seg, i));
            word = i + 1;
        }
    }
    if (word < end)
        put_with_tag(seg, word, end, tag_of_state(seg, word));
}

static bool is_numeric(uint32_t label)
{
    return label_is_digit(label) || label == dict_ascii_label['.'];
}

/* Cut other characters by posseg's re_skip_detail, [\.0-9]+|[a-zA-Z0-9]+: the matches, and what is
 * between them. */
static void tag_latin(struct segmenter *seg, size_t begin, size_t end)
{
    const uint16_t *labels = seg->labels;
    while (begin < end) {
        size_t i = begin;
        const char *tag = "x";
        if (is_numeric(labels[i])) {
            for (tag = "m"; i < end && is_numeric(labels[i]); i++)
                ;
        } else if (label_is_alnum(labels[i])) {
            for (tag = "eng"; i < end && label_is_alnum(labels[i]); i++)
                ;
        } else {
            while (i < end && !is_numeric(labels[i]) && !label_is_alnum(labels[i]))
                i++;
        }
        put_with_tag(seg, begin, i, str_of(tag));
        begin = i;
    }
}

/* Cut characters without the dictionary; posseg's __cut_detail. */
static void tag_by_model(struct segmenter *seg, size_t begin, size_t end)
{
    while (begin < end) {
        bool han = label_is_han(seg->labels[begin]);
        size_t i = begin + 1;
        while (i < end && label_is_han(seg->labels[i]) == han)
            i++;
        if (!han)
            tag_latin(seg, begin, i);
        else if (seg->dict->pos.base)
            tag_han(seg, begin, i);
        else
            tag_han_without_model(seg, begin, i);
        begin = i;
    }
}

/* Cut a run of characters that are single on the best path: two or more by the model, unless they
 * are a word of the dictionary. Then posseg puts each character alone. */
static void tag_single_run(struct segmenter *seg, size_t begin, size_t end)
{
    if (end - begin > 1 && !dict_find(seg->dict, seg->labels + begin, end - begin)) {
        tag_by_model(seg, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        put_with_dict_tag(seg, i, i + 1);
}

/* Cut the block along its best path; posseg's __cut_DAG. */
static void tag_hmm(struct segmenter *seg)
{
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (end > i + 1) {
            put_with_dict_tag(seg, i, end);
            continue;
        }
        while (ends[end] == end + 1)
            end++;
        tag_single_run(seg, i, end);
    }
}

/* Cut the block along its best path without the model; posseg's __cut_DAG_NO_HMM. */
static void tag_no_hmm(struct segmenter *seg)
{
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (end > i + 1 || !label_is_alnum(seg->labels[i])) {
            put_with_dict_tag(seg, i, end);
            continue;
        }
        while (label_is_alnum(seg->labels[end]) && ends[end] == end + 1)
            end++;
        put_with_tag(seg, i, end, str_of("eng"));
    }
}

/* Whether a character has a label, and is yet not in posseg's class. */
static bool is_excluded(uint32_t code)
{
    return code == '%' || code == '-';
}

/* The first byte from `at` on that no block of posseg has, or `end`. */
static const char *find_excluded(const char *at, const char *end)
{
    while (at < end && !is_excluded((unsigned char)*at))
        at++;
    return at;
}

/* Put the text between two blocks, each character, and CR LF, as a word with the tag "x". Returns
 * where it ends, or NULL at invalid UTF-8 with its position in `*bad`. */
static const char *tag_gap(struct segmenter *seg, const char *at, const char *end, const char **bad)
{
    while (at < end) {
        uint32_t code = 0;
        size_t len = block_read_gap(at, end, &code);
        *bad = at;
        if (!len)
            return NULL;
        if (dict_label(code) && !is_excluded(code))
            break;
        output_put_tagged(seg, at, len, str_of("x"));
        at += len;
    }
    return at;
}

static void tag_block(struct segmenter *seg, bool hmm)
{
    block_look_up_pairs(seg);
    find_best_path(seg);
    if (hmm)
        tag_hmm(seg);
    else
        tag_no_hmm(seg);
}

/* Cut and tag a text without phrases block by block. Returns NULL, or the position of invalid
 * UTF-8. */
static const char *tag_text(struct segmenter *seg, struct str text, bool hmm)
{
    const char *bad = NULL, *stop = text.at, *end = text.at + text.len;
    for (const char *at = text.at; at < end && !seg->out.status;) {
        stop = at < stop ? stop : find_excluded(at, end);
        at = block_read(seg, at, stop);
        if (seg->n)
            tag_block(seg, hmm);
        at = tag_gap(seg, at, end, &bad);
        if (!at)
            return bad;
    }
    return NULL;
}

/* Cut and tag a text, and find the phrases in it first. Returns what tag_text() does. */
static const char *tag_around_phrases(struct segmenter *seg, struct str text, bool hmm)
{
    const struct dict *dict = seg->dict;
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !seg->out.status;) {
        uint32_t unit;
        struct str phrase = phrase_find(dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = tag_text(seg, before, hmm);
        if (phrase.len)
            output_put_tagged(seg, phrase.at, phrase.len,
                              tag_str(&dict->tag_names[dict->phrase_tags[unit]]));
        at += before.len + phrase.len;
    }
    return bad;
}

int segmenter_tag(struct segmenter *seg, const struct dict *dict, struct str text, bool hmm,
                  tagged_word_sink *sink, void *arg, struct err *err)
{
    if (block_prepare(seg, dict, text, err))
        return -1;
    output_begin(seg, NULL, sink, arg);
    const char *bad =
        dict->n_phrases ? tag_around_phrases(seg, text, hmm) : tag_text(seg, text, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    output_flush(seg);
    if (seg->out.status)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}
