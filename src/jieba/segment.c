/*
 * segment: jieba's cut() and cut_for_search(): splits the text into blocks and the rest between
 * them.
 */
#include "jieba/segment.h"

#include "jieba/phrases.h"
#include "jieba/scratch.h"
#include "util/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Offsets in a block are 32 bits wide, and every character takes about 20 bytes of scratch memory.
 */
#define MAX_TEXT ((size_t)1 << 28)

struct jieba *jieba_new(void)
{
    return calloc(1, sizeof(struct jieba));
}

void jieba_free(struct jieba *jieba)
{
    if (!jieba)
        return;
    free(jieba->first);
    buf_free(&jieba->joined);
    jieba_columns_free(jieba->columns);
    free(jieba);
}

/* Make room for a block of `n` characters. The arrays share one allocation, widest first. Pages
 * that no block reaches are never touched, so that a long text of short blocks costs little memory.
 */
static int reserve(struct jieba *jieba, size_t n, struct err *err)
{
    if (n + JIEBA_PAD <= jieba->cap)
        return 0;
    size_t cap = (n + JIEBA_PAD + 1023) & ~(size_t)1023;
    free(jieba->first);
    jieba->first =
        malloc(cap * (sizeof *jieba->first + sizeof *jieba->second + sizeof *jieba->route +
                      sizeof *jieba->offsets + sizeof *jieba->ends + sizeof *jieba->labels +
                      sizeof *jieba->back));
    if (!jieba->first) {
        jieba->cap = 0;
        return err_set(err, "out of memory for a text of %zu bytes", n);
    }
    jieba->second = jieba->first + cap;
    jieba->route = (double *)(jieba->second + cap);
    jieba->offsets = (uint32_t *)(jieba->route + cap);
    jieba->ends = jieba->offsets + cap;
    jieba->labels = (uint16_t *)(jieba->ends + cap);
    jieba->back = (uint8_t *)(jieba->labels + cap);
    jieba->cap = cap;
    return 0;
}

void jieba_flush(struct jieba *jieba)
{
    if (jieba->n_words && !jieba->status)
        jieba->status = jieba->sink(jieba->arg, jieba->words, jieba->n_words);
    jieba->n_words = 0;
}

/* The two- and three-character words inside a longer one; jieba's cut_for_search(). */
void jieba_put_parts(struct jieba *jieba, size_t begin, size_t end)
{
    for (size_t width = 2; width <= 3 && width < end - begin; width++) {
        for (size_t i = begin; i + width <= end; i++) {
            if (jieba_find(jieba->dict, jieba->labels + i, width))
                jieba_put_range(jieba, i, i + width);
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
INLINE const char *read_block(struct jieba *jieba, const char *at, const char *end)
{
    const unsigned char *s = (const unsigned char *)at, *stop = (const unsigned char *)end;
    const jieba_unit *units = jieba->dict->units, *root = units + jieba_unit_base(units[0]);
    jieba_unit unit = 0;
    size_t n = 0;
    while (s < stop) {
        uint32_t label;
        jieba->offsets[n] = (uint32_t)(s - (const unsigned char *)at);
        if (s[0] < 0x80) {
            label = jieba_ascii_label[s[0]];
            if (!label)
                break;
            s += 1;
        } else {
            if (stop - s < 3 || (s[0] & 0xF0) != 0xE0 || (s[1] & 0xC0) != 0x80 ||
                (s[2] & 0xC0) != 0x80)
                break;
            uint32_t code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
            if (code - JIEBA_FIRST_HAN >= JIEBA_HAN_COUNT)
                break;
            label = code - JIEBA_FIRST_HAN + JIEBA_HAN_LABEL;
            s += 3;
        }
        __builtin_prefetch(units + jieba_unit_base(unit) + label);
        unit = jieba_unit_if(root[label], label);
        jieba->first[n] = unit;
        jieba->labels[n++] = (uint16_t)label;
    }
    jieba->block = at;
    jieba->n = n;
    memset(jieba->labels + n, 0, JIEBA_PAD * sizeof *jieba->labels);
    jieba->offsets[n] = jieba->offsets[n + 1] = (uint32_t)(s - (const unsigned char *)at);
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
static const char *cut_others(struct jieba *jieba, const char *at, const char *end, bool full,
                              const char **bad)
{
    const char *piece = at;
    while (at < end) {
        uint32_t code = 0;
        size_t len = jieba_read_other(at, end, &code);
        if (!len) {
            *bad = at;
            return NULL;
        }
        if (jieba_label(code))
            break;
        if (!full || is_space(code)) {
            if (full)
                jieba_put(jieba, piece, (size_t)(at - piece));
            jieba_put(jieba, at, len);
            piece = at + len;
        }
        at += len;
    }
    if (full)
        jieba_put(jieba, piece, (size_t)(at - piece));
    return at;
}

/* Look up each character with the next one. */
INLINE void find_second(struct jieba *jieba)
{
    const jieba_unit *restrict units = jieba->dict->units, *restrict first = jieba->first;
    const uint16_t *restrict labels = jieba->labels;
    jieba_unit *restrict second = jieba->second;
    for (size_t i = 0; i < jieba->n; i++) {
        uint32_t label = labels[i + 1];
        second[i] = jieba_unit_if(units[jieba_unit_base(first[i]) + label], label);
        __builtin_prefetch(units + jieba_unit_base(second[i]) + labels[i + 2]);
    }
}

const char *jieba_look_up(struct jieba *jieba, const char *at, const char *end)
{
    at = read_block(jieba, at, end);
    if (jieba->n)
        find_second(jieba);
    return at;
}

static void cut_block(struct jieba *jieba, bool full, bool hmm)
{
    if (jieba_cut_latin(jieba, hmm && !full))
        return;
    find_second(jieba);
    (full ? jieba_cut_full : hmm ? jieba_cut_hmm : jieba_cut_no_hmm)(jieba);
}

/* Cut text block by block. Returns NULL, or the place where it is no UTF-8. */
static const char *cut_text(struct jieba *jieba, struct str text, bool full, bool hmm)
{
    const char *bad = NULL, *end = text.at + text.len;
    for (const char *at = text.at; at && at < end && !jieba->status;) {
        at = read_block(jieba, at, end);
        if (jieba->n)
            cut_block(jieba, full, hmm);
        if (at < end)
            at = cut_others(jieba, at, end, full, &bad);
    }
    return bad;
}

/* The same for text in which phrases may stand. */
static const char *cut_around_phrases(struct jieba *jieba, struct str text, bool full, bool hmm)
{
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !jieba->status;) {
        uint32_t unit;
        struct str phrase = jieba_find_phrase(jieba->dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = cut_text(jieba, before, full, hmm);
        if (phrase.len)
            jieba_put_phrase(jieba, phrase);
        at += before.len + phrase.len;
    }
    return bad;
}

int jieba_begin(struct jieba *jieba, const struct jieba_dict *dict, struct str text, void *arg,
                struct err *err)
{
    if (text.len > MAX_TEXT)
        return err_set(err, "the text is longer than %zu bytes", MAX_TEXT);
    if (reserve(jieba, text.len, err))
        return -1;
    jieba->dict = dict;
    jieba->arg = arg;
    jieba->status = 0;
    jieba->n_words = 0;
    return 0;
}

int jieba_cut(struct jieba *jieba, const struct jieba_dict *dict, struct str text,
              enum jieba_mode mode, bool hmm, jieba_sink *sink, void *arg, struct err *err)
{
    if (jieba_begin(jieba, dict, text, arg, err))
        return -1;
    jieba->search = mode == JIEBA_SEARCH;
    jieba->sink = sink;
    const char *bad =
        (dict->n_phrases ? cut_around_phrases : cut_text)(jieba, text, mode == JIEBA_FULL, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    jieba_flush(jieba);
    if (jieba->status || jieba->joined.failed)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}
