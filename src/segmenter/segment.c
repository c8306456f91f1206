/*
 * segment: jieba's cut() and cut_for_search(): splits the text into blocks and the rest between
 * them.
 */
#include "segmenter/segment.h"

#include "segmenter/phrases.h"
#include "segmenter/segmenter.h"
#include "util/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Offsets in a block are 32 bits wide, and every character takes about 20 bytes of scratch memory.
 */
#define MAX_TEXT ((size_t)1 << 28)

struct segmenter *segmenter_new(void)
{
    return calloc(1, sizeof(struct segmenter));
}

void segmenter_free(struct segmenter *seg)
{
    if (!seg)
        return;
    free(seg->first);
    buf_free(&seg->joined);
    pos_columns_free(seg->columns);
    free(seg);
}

/* Make room for a block of `n` characters. The arrays share one allocation, widest first. Pages
 * that no block reaches are never touched, so that a long text of short blocks costs little memory.
 */
static int reserve(struct segmenter *seg, size_t n, struct err *err)
{
    if (n + SEGMENTER_PAD <= seg->cap)
        return 0;
    size_t cap = (n + SEGMENTER_PAD + 1023) & ~(size_t)1023;
    free(seg->first);
    seg->first = malloc(cap * (sizeof *seg->first + sizeof *seg->second + sizeof *seg->best +
                               sizeof *seg->offsets + sizeof *seg->ends + sizeof *seg->labels +
                               sizeof *seg->back));
    if (!seg->first) {
        seg->cap = 0;
        return err_set(err, "out of memory for a text of %zu bytes", n);
    }
    seg->second = seg->first + cap;
    seg->best = (double *)(seg->second + cap);
    seg->offsets = (uint32_t *)(seg->best + cap);
    seg->ends = seg->offsets + cap;
    seg->labels = (uint16_t *)(seg->ends + cap);
    seg->back = (uint8_t *)(seg->labels + cap);
    seg->cap = cap;
    return 0;
}

void output_flush(struct segmenter *seg)
{
    if (seg->n_words && !seg->status)
        seg->status = seg->sink(seg->arg, seg->words, seg->n_words);
    seg->n_words = 0;
}

/* The two- and three-character words inside a longer one; jieba's cut_for_search(). */
void output_put_parts(struct segmenter *seg, size_t begin, size_t end)
{
    for (size_t width = 2; width <= 3 && width < end - begin; width++) {
        for (size_t i = begin; i + width <= end; i++) {
            if (dict_find(seg->dict, seg->labels + i, width))
                output_put_range(seg, i, i + width);
        }
    }
}

/* For what has more than one caller, and is to be compiled into each of them. */
#define INLINE static inline __attribute__((always_inline))

/*
 * Decode the block that begins at `at`, and look up each character alone; where it ends. Bytes that
 * are no UTF-8 end it, too.
 *
 * The double array is larger than the caches that are near, and each step of a walk needs the one
 * before it. So the steps are taken for all characters one after the other, and each asks for the
 * memory that the next one will read: by then it is there.
 */
INLINE const char *read_block(struct segmenter *seg, const char *at, const char *end)
{
    const unsigned char *s = (const unsigned char *)at, *stop = (const unsigned char *)end;
    const dict_unit *units = seg->dict->units, *root = units + dict_unit_base(units[0]);
    dict_unit unit = 0;
    size_t n = 0;
    while (s < stop) {
        uint32_t label;
        seg->offsets[n] = (uint32_t)(s - (const unsigned char *)at);
        if (s[0] < 0x80) {
            label = dict_ascii_label[s[0]];
            if (!label)
                break;
            s += 1;
        } else {
            if (stop - s < 3 || (s[0] & 0xF0) != 0xE0 || (s[1] & 0xC0) != 0x80 ||
                (s[2] & 0xC0) != 0x80)
                break;
            uint32_t code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
            if (code - DICT_FIRST_HAN >= DICT_HAN_COUNT)
                break;
            label = code - DICT_FIRST_HAN + DICT_HAN_LABEL;
            s += 3;
        }
        __builtin_prefetch(units + dict_unit_base(unit) + label);
        unit = dict_unit_if(root[label], label);
        seg->first[n] = unit;
        seg->labels[n++] = (uint16_t)label;
    }
    seg->block = at;
    seg->n = n;
    memset(seg->labels + n, 0, SEGMENTER_PAD * sizeof *seg->labels);
    seg->offsets[n] = seg->offsets[n + 1] = (uint32_t)(s - (const unsigned char *)at);
    return (const char *)s;
}

/* The white space of Python's re, "\s" in a str pattern: str.isspace() of Unicode 15. */
static bool is_space(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* The text between two blocks: one word a character; or, in full mode, each white space, and what
 * stands before, between and after them, which can be nothing. Where it ends, or NULL with `*bad`
 * where it is no UTF-8. */
static const char *cut_others(struct segmenter *seg, const char *at, const char *end, bool full,
                              const char **bad)
{
    const char *piece = at;
    while (at < end) {
        uint32_t code = 0;
        size_t len = segmenter_read_gap(at, end, &code);
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

/* Look up each character with the next one. */
INLINE void find_second(struct segmenter *seg)
{
    const dict_unit *restrict units = seg->dict->units, *restrict first = seg->first;
    const uint16_t *restrict labels = seg->labels;
    dict_unit *restrict second = seg->second;
    for (size_t i = 0; i < seg->n; i++) {
        uint32_t label = labels[i + 1];
        second[i] = dict_unit_if(units[dict_unit_base(first[i]) + label], label);
        __builtin_prefetch(units + dict_unit_base(second[i]) + labels[i + 2]);
    }
}

const char *segmenter_look_up(struct segmenter *seg, const char *at, const char *end)
{
    at = read_block(seg, at, end);
    if (seg->n)
        find_second(seg);
    return at;
}

static void cut_block(struct segmenter *seg, bool full, bool hmm)
{
    if (cut_latin_block(seg, hmm && !full))
        return;
    find_second(seg);
    (full ? cut_full : hmm ? cut_hmm : cut_no_hmm)(seg);
}

/* Cut text block by block. Returns NULL, or the place where it is no UTF-8. */
static const char *cut_text(struct segmenter *seg, struct str text, bool full, bool hmm)
{
    const char *bad = NULL, *end = text.at + text.len;
    for (const char *at = text.at; at && at < end && !seg->status;) {
        at = read_block(seg, at, end);
        if (seg->n)
            cut_block(seg, full, hmm);
        if (at < end)
            at = cut_others(seg, at, end, full, &bad);
    }
    return bad;
}

/* The same for text in which phrases may stand. */
static const char *cut_around_phrases(struct segmenter *seg, struct str text, bool full, bool hmm)
{
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !seg->status;) {
        uint32_t unit;
        struct str phrase = dict_find_phrase(seg->dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = cut_text(seg, before, full, hmm);
        if (phrase.len)
            output_put_phrase(seg, phrase);
        at += before.len + phrase.len;
    }
    return bad;
}

int segmenter_begin(struct segmenter *seg, const struct dict *dict, struct str text, void *arg,
                    struct err *err)
{
    if (text.len > MAX_TEXT)
        return err_set(err, "the text is longer than %zu bytes", MAX_TEXT);
    if (reserve(seg, text.len, err))
        return -1;
    seg->dict = dict;
    seg->arg = arg;
    seg->status = 0;
    seg->n_words = 0;
    return 0;
}

int segmenter_cut(struct segmenter *seg, const struct dict *dict, struct str text,
                  enum segment_mode mode, bool hmm, word_sink *sink, void *arg, struct err *err)
{
    if (segmenter_begin(seg, dict, text, arg, err))
        return -1;
    seg->search = mode == SEGMENT_SEARCH;
    seg->sink = sink;
    const char *bad =
        (dict->n_phrases ? cut_around_phrases : cut_text)(seg, text, mode == SEGMENT_FULL, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    output_flush(seg);
    if (seg->status || seg->joined.failed)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}
