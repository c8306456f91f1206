#include "jieba/phrases.h"

#include "jieba/trie.h"
#include "util/utf8.h"

int jieba_phrase_labels(struct str phrase, uint16_t *labels, struct err *err)
{
    if (phrase.len > JIEBA_MAX_DEPTH)
        return err_set(err, "the word '%.40s…' has more than %d bytes", phrase.at, JIEBA_MAX_DEPTH);
    for (size_t i = 0; i < phrase.len; i++)
        labels[i] = (uint16_t)((unsigned char)phrase.at[i] + 1);
    return (int)phrase.len;
}

/* Whether a letter or digit of ASCII stands on both sides of byte i of the text. */
static bool is_inside(struct str text, size_t i)
{
    return i > 0 && i < text.len && (text.at[i - 1] & 0x80) == 0 && (text.at[i] & 0x80) == 0 &&
           jieba_is_alnum(jieba_ascii_label[(unsigned char)text.at[i - 1]]) &&
           jieba_is_alnum(jieba_ascii_label[(unsigned char)text.at[i]]);
}

/* The child of a unit by a byte, or 0, which is no child. */
static uint32_t child_of(const struct jieba_dict *dict, uint32_t unit, char byte)
{
    uint32_t label = (uint32_t)(unsigned char)byte + 1;
    uint32_t child = jieba_unit_base(dict->phrases[unit]) + label;
    return jieba_unit_label(dict->phrases[child]) == label ? child : 0;
}

/* The length of the longest phrase that begins at byte i, and its unit; or 0. */
static size_t match(const struct jieba_dict *dict, struct str text, size_t i, uint32_t *unit)
{
    size_t len = 0;
    uint32_t node = child_of(dict, 0, text.at[i]);
    if (!node || is_inside(text, i))
        return 0;
    for (size_t end = i + 1; node; end++) {
        if (jieba_unit_cost(dict->phrases[node]) && !is_inside(text, end)) {
            len = end - i;
            *unit = node;
        }
        if (end == text.len)
            break;
        node = child_of(dict, node, text.at[end]);
    }
    return len;
}

struct str jieba_find_phrase(const struct jieba_dict *dict, struct str text, size_t from,
                             uint32_t *unit)
{
    for (size_t i = from; dict->n_phrases && i < text.len; i++) {
        size_t len = match(dict, text, i, unit);
        if (len)
            return (struct str){text.at + i, len};
    }
    return (struct str){text.at + text.len, 0};
}

/* Read a phrase as if it were a block; characters outside of jieba's class have label 0. */
static void read_phrase(struct jieba *jieba, struct str phrase)
{
    size_t n = 0;
    for (size_t at = 0, len; at < phrase.len; at += len) {
        uint32_t code = 0;
        len = utf8_read(phrase.at + at, phrase.len - at, &code);
        if (!len)
            break;
        jieba->offsets[n] = (uint32_t)at;
        jieba->labels[n++] = (uint16_t)jieba_label(code);
    }
    jieba->block = phrase.at;
    jieba->n = n;
    jieba->offsets[n] = (uint32_t)phrase.len;
}

/* Whether the characters [begin, end) of the block are a word of either kind. */
static bool is_word(const struct jieba *jieba, size_t begin, size_t end)
{
    const struct jieba_dict *dict = jieba->dict;
    uint32_t at = jieba->offsets[begin], stop = jieba->offsets[end];
    if (jieba_find(dict, jieba->labels + begin, end - begin))
        return true;
    uint32_t node = child_of(dict, 0, jieba->block[at]);
    while (node && ++at < stop)
        node = child_of(dict, node, jieba->block[at]);
    return jieba_unit_cost(dict->phrases[node]);
}

void jieba_put_phrase(struct jieba *jieba, struct str phrase)
{
    if (jieba->search) {
        read_phrase(jieba, phrase);
        for (size_t width = 2; width <= 3 && width < jieba->n; width++) {
            for (size_t i = 0; i + width <= jieba->n; i++) {
                if (is_word(jieba, i, i + width))
                    jieba_put_range(jieba, i, i + width);
            }
        }
    }
    jieba_put(jieba, phrase.at, phrase.len);
}
