#include "segmenter/tag.h"

#include "segmenter/phrases.h"
#include "segmenter/segmenter.h"

static void flush(struct segmenter *seg)
{
    if (seg->n_words && !seg->status)
        seg->status = seg->tag_sink(seg->arg, seg->words, seg->tags, seg->n_words);
    seg->n_words = 0;
}

static void put(struct segmenter *seg, const char *at, size_t len, struct str tag)
{
    seg->words[seg->n_words] = (struct str){at, len};
    seg->tags[seg->n_words++] = tag;
    if (seg->n_words == OUTPUT_BATCH)
        flush(seg);
}

/* Put the characters [begin, end) of the block. */
static void put_range(struct segmenter *seg, size_t begin, size_t end, struct str tag)
{
    uint32_t at = seg->offsets[begin];
    put(seg, seg->block + at, seg->offsets[end] - at, tag);
}

/* The same with the dictionary's tag. */
static void put_word(struct segmenter *seg, size_t begin, size_t end)
{
    put_range(seg, begin, end, dict_find_tag(seg->dict, seg->labels + begin, end - begin));
}

static struct str tag_of_state(const struct segmenter *seg, size_t i)
{
    return tag_str(&seg->dict->pos.base->names[seg->back[i] % POS_TAGS]);
}

/* Chinese characters, by the model. What is left behind the last E or S is a word with the tag of
 * its first character. */
static void tag_han(struct segmenter *seg, size_t begin, size_t end)
{
    for (; !seg->dict->pos.base && begin < end; begin++)
        put_range(seg, begin, begin + 1, str_of("x"));
    if (begin == end)
        return;
    if (pos_viterbi(seg, begin, end)) {
        seg->status = -1;
        return;
    }
    size_t word = begin;
    for (size_t i = begin; i < end; i++) {
        unsigned place = seg->back[i] / POS_TAGS;
        if (place == POS_AT_E || place == POS_AT_S) {
            put_range(seg, word, i + 1, tag_of_state(seg, i));
            word = i + 1;
        }
    }
    if (word < end)
        put_range(seg, word, end, tag_of_state(seg, word));
}

static bool is_numeric(uint32_t label)
{
    return label_is_digit(label) || label == dict_ascii_label['.'];
}

/* Other characters: posseg's re_skip_detail, [\.0-9]+|[a-zA-Z0-9]+, and what is between. */
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
        put_range(seg, begin, i, str_of(tag));
        begin = i;
    }
}

/* posseg's __cut_detail. */
static void tag_by_model(struct segmenter *seg, size_t begin, size_t end)
{
    while (begin < end) {
        bool han = label_is_han(seg->labels[begin]);
        size_t i = begin + 1;
        while (i < end && label_is_han(seg->labels[i]) == han)
            i++;
        (han ? tag_han : tag_latin)(seg, begin, i);
        begin = i;
    }
}

/* Characters that the best path leaves alone: several of them by the model, unless they are a word.
 */
static void tag_run(struct segmenter *seg, size_t begin, size_t end)
{
    if (end - begin > 1 && !dict_find(seg->dict, seg->labels + begin, end - begin)) {
        tag_by_model(seg, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        put_word(seg, i, i + 1);
}

/* posseg's __cut_DAG. */
static void tag_hmm(struct segmenter *seg)
{
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (end > i + 1) {
            put_word(seg, i, end);
            continue;
        }
        while (ends[end] == end + 1)
            end++;
        tag_run(seg, i, end);
    }
}

/* posseg's __cut_DAG_NO_HMM. */
static void tag_no_hmm(struct segmenter *seg)
{
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (end > i + 1 || !label_is_alnum(seg->labels[i])) {
            put_word(seg, i, end);
            continue;
        }
        while (label_is_alnum(seg->labels[end]) && ends[end] == end + 1)
            end++;
        put_range(seg, i, end, str_of("eng"));
    }
}

/* posseg's class is that of the dictionary without these two. */
static bool is_excluded(uint32_t code)
{
    return code == '%' || code == '-';
}

/* The end of the text in which the next block lies. */
static const char *find_stop(const char *at, const char *end)
{
    while (at < end && !is_excluded((unsigned char)*at))
        at++;
    return at;
}

/* The text between two blocks: one word a character. Where it ends, or NULL where it is no UTF-8,
 * and then `*bad` is the place. */
static const char *tag_others(struct segmenter *seg, const char *at, const char *end,
                              const char **bad)
{
    while (at < end) {
        uint32_t code = 0;
        size_t len = segmenter_read_gap(at, end, &code);
        *bad = at;
        if (!len)
            return NULL;
        if (dict_label(code) && !is_excluded(code))
            break;
        put(seg, at, len, str_of("x"));
        at += len;
    }
    return at;
}

static void tag_block(struct segmenter *seg, bool hmm)
{
    find_best_path(seg);
    (hmm ? tag_hmm : tag_no_hmm)(seg);
}

/* Tag text block by block. Returns NULL, or the place where it is no UTF-8. */
static const char *tag_text(struct segmenter *seg, struct str text, bool hmm)
{
    const char *bad = NULL, *stop = text.at, *end = text.at + text.len;
    for (const char *at = text.at; at < end && !seg->status;) {
        stop = at < stop ? stop : find_stop(at, end);
        at = segmenter_look_up(seg, at, stop);
        if (seg->n)
            tag_block(seg, hmm);
        at = tag_others(seg, at, end, &bad);
        if (!at)
            return bad;
    }
    return NULL;
}

/* The same for text in which words with spaces and symbols may stand. */
static const char *tag_around_phrases(struct segmenter *seg, struct str text, bool hmm)
{
    const struct dict *dict = seg->dict;
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !seg->status;) {
        uint32_t unit;
        struct str phrase = dict_find_phrase(dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = tag_text(seg, before, hmm);
        if (phrase.len)
            put(seg, phrase.at, phrase.len, tag_str(&dict->tag_names[dict->phrase_tags[unit]]));
        at += before.len + phrase.len;
    }
    return bad;
}

int segmenter_tag(struct segmenter *seg, const struct dict *dict, struct str text, bool hmm,
                  tagged_word_sink *sink, void *arg, struct err *err)
{
    if (segmenter_begin(seg, dict, text, arg, err))
        return -1;
    seg->tag_sink = sink;
    const char *bad = (dict->n_phrases ? tag_around_phrases : tag_text)(seg, text, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    flush(seg);
    if (seg->status)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}
