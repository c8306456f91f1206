#include "segmenter/phrases.h"

#include "util/utf8.h"

/* Whether a letter or digit of ASCII stands on both sides of byte i of the text. */
static bool is_inside(struct str text, size_t i)
{
    return i > 0 && i < text.len && (text.at[i - 1] & 0x80) == 0 && (text.at[i] & 0x80) == 0 &&
           label_is_alnum(dict_ascii_label[(unsigned char)text.at[i - 1]]) &&
           label_is_alnum(dict_ascii_label[(unsigned char)text.at[i]]);
}

/* The child of a unit by a byte, or 0, which is no child. */
static uint32_t child_of(const struct dict *dict, uint32_t unit, char byte)
{
    uint32_t label = (uint32_t)(unsigned char)byte + 1;
    uint32_t child = dict_unit_base(dict->phrases[unit]) + label;
    return dict_unit_label(dict->phrases[child]) == label ? child : 0;
}

/* The length of the longest phrase that begins at byte i, and its unit; or 0. */
static size_t match(const struct dict *dict, struct str text, size_t i, uint32_t *unit)
{
    size_t len = 0;
    uint32_t node = child_of(dict, 0, text.at[i]);
    if (!node || is_inside(text, i))
        return 0;
    for (size_t end = i + 1; node; end++) {
        if (dict_unit_prob(dict->phrases[node]) && !is_inside(text, end)) {
            len = end - i;
            *unit = node;
        }
        if (end == text.len)
            break;
        node = child_of(dict, node, text.at[end]);
    }
    return len;
}

struct str dict_find_phrase(const struct dict *dict, struct str text, size_t from, uint32_t *unit)
{
    for (size_t i = from; dict->n_phrases && i < text.len; i++) {
        size_t len = match(dict, text, i, unit);
        if (len)
            return (struct str){text.at + i, len};
    }
    return (struct str){text.at + text.len, 0};
}

/* Read a phrase as if it were a block; characters outside of jieba's class have label 0. */
static void read_phrase(struct segmenter *seg, struct str phrase)
{
    size_t n = 0;
    for (size_t at = 0, len; at < phrase.len; at += len) {
        uint32_t code = 0;
        len = utf8_read(phrase.at + at, phrase.len - at, &code);
        if (!len)
            break;
        seg->offsets[n] = (uint32_t)at;
        seg->labels[n++] = (uint16_t)dict_label(code);
    }
    seg->block = phrase.at;
    seg->n = n;
    seg->offsets[n] = (uint32_t)phrase.len;
}

/* Whether the characters [begin, end) of the block are a word of either kind. */
static bool is_word(const struct segmenter *seg, size_t begin, size_t end)
{
    const struct dict *dict = seg->dict;
    uint32_t at = seg->offsets[begin], stop = seg->offsets[end];
    if (dict_find(dict, seg->labels + begin, end - begin))
        return true;
    uint32_t node = child_of(dict, 0, seg->block[at]);
    while (node && ++at < stop)
        node = child_of(dict, node, seg->block[at]);
    return dict_unit_prob(dict->phrases[node]);
}

void output_put_phrase(struct segmenter *seg, struct str phrase)
{
    if (seg->search) {
        read_phrase(seg, phrase);
        for (size_t width = 2; width <= 3 && width < seg->n; width++) {
            for (size_t i = 0; i + width <= seg->n; i++) {
                if (is_word(seg, i, i + width))
                    output_put_range(seg, i, i + width);
            }
        }
    }
    output_put(seg, phrase.at, phrase.len);
}
