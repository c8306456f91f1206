#include "segmenter/phrases.h"

/* Whether there is an ASCII letter or digit on both sides of byte i of the text. */
static bool is_inside_alnum(struct str text, size_t i)
{
    return i > 0 && i < text.len && (text.at[i - 1] & 0x80) == 0 && (text.at[i] & 0x80) == 0 &&
           label_is_alnum(dict_ascii_label[(unsigned char)text.at[i - 1]]) &&
           label_is_alnum(dict_ascii_label[(unsigned char)text.at[i]]);
}

/* The index of the child of a unit by a byte, or 0 if it has none. */
static uint32_t child_by_byte(const struct dict *dict, uint32_t unit, char byte)
{
    uint32_t label = (uint32_t)(unsigned char)byte + 1;
    uint32_t child = dict_unit_base(dict->phrases[unit]) + label;
    return dict_unit_label(dict->phrases[child]) == label ? child : 0;
}

/* The length in bytes of the longest phrase that begins at byte i, with its unit in `*unit`; or
 * 0. */
static size_t match_phrase(const struct dict *dict, struct str text, size_t i, uint32_t *unit)
{
    size_t len = 0;
    uint32_t node = child_by_byte(dict, 0, text.at[i]);
    if (!node || is_inside_alnum(text, i))
        return 0;
    for (size_t end = i + 1; node; end++) {
        if (dict_unit_prob(dict->phrases[node]) && !is_inside_alnum(text, end)) {
            len = end - i;
            *unit = node;
        }
        if (end == text.len)
            break;
        node = child_by_byte(dict, node, text.at[end]);
    }
    return len;
}

struct str phrase_find(const struct dict *dict, struct str text, size_t from, uint32_t *unit)
{
    for (size_t i = from; dict->n_phrases && i < text.len; i++) {
        size_t len = match_phrase(dict, text, i, unit);
        if (len)
            return (struct str){text.at + i, len};
    }
    return (struct str){text.at + text.len, 0};
}

/* Whether the text has `word` at byte i, where a phrase could begin and end. */
static bool is_match(struct str text, size_t i, struct str word)
{
    return word.len <= text.len - i && !memcmp(text.at + i, word.at, word.len) &&
           !is_inside_alnum(text, i) && !is_inside_alnum(text, i + word.len);
}

bool phrase_would_match(const struct dict *dict, struct str text, struct str word)
{
    size_t at = (size_t)(word.at - text.at), len = 0;
    for (size_t i = 0; i <= at; i += len ? len : 1) {
        uint32_t unit;
        len = match_phrase(dict, text, i, &unit);
        if (word.len > len && is_match(text, i, word))
            len = word.len;
        if (i == at)
            return len == word.len;
    }
    return false;
}

bool phrase_exists(const struct dict *dict, struct str word)
{
    uint32_t node = child_by_byte(dict, 0, word.at[0]);
    for (size_t i = 1; node && i < word.len; i++)
        node = child_by_byte(dict, node, word.at[i]);
    return dict_unit_prob(dict->phrases[node]);
}
