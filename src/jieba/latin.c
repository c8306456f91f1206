/*
 * latin: letters, digits and signs without Chinese between them.
 */
#include "jieba/scratch.h"

/* The end of a match of finalseg's re_skip, [a-zA-Z0-9]+(?:\.\d+)?%?, at a letter or digit. A
 * block's labels end with 0, so that looking at one past `end` is safe, and a match never goes past
 * a run. */
static size_t match_number(const struct jieba *jieba, size_t i, size_t end)
{
    const uint16_t *labels = jieba->labels;
    while (i < end && jieba_is_alnum(labels[i]))
        i++;
    if (i + 1 < end && labels[i] == jieba_ascii_label['.'] && jieba_is_digit(labels[i + 1])) {
        for (i++; i < end && jieba_is_digit(labels[i]); i++)
            ;
    }
    return i < end && labels[i] == jieba_ascii_label['%'] ? i + 1 : i;
}

void jieba_cut_numbers(struct jieba *jieba, size_t begin, size_t end)
{
    while (begin < end) {
        size_t i = begin;
        if (jieba_is_alnum(jieba->labels[i])) {
            i = match_number(jieba, i, end);
        } else {
            while (i < end && !jieba_is_alnum(jieba->labels[i]))
                i++;
        }
        jieba_put_word(jieba, begin, i);
        begin = i;
    }
}

/* Whether no word of the dictionary begins with two characters of the block. */
static bool has_no_pair(const struct jieba *jieba)
{
    const struct jieba_dict *dict = jieba->dict;
    const uint16_t *labels = jieba->labels;
    jieba_unit pairs = 0;
    for (size_t i = 1; i < jieba->n; i++)
        pairs |= jieba_unit_if(jieba_child(dict, jieba->first[i - 1], labels[i]), labels[i]);
    return !pairs;
}

static bool is_alnum(const struct jieba *jieba)
{
    bool alnum = true;
    for (size_t i = 0; i < jieba->n; i++)
        alnum &= jieba_is_alnum(jieba->labels[i]);
    return alnum;
}

/* Cut a block into runs of letters and digits, and single signs. */
static void cut_signs(struct jieba *jieba)
{
    size_t run = 0;
    for (size_t i = 0; i < jieba->n; i++) {
        if (jieba_is_alnum(jieba->labels[i]))
            continue;
        if (run < i)
            jieba_put_range(jieba, run, i);
        jieba_put_range(jieba, i, i + 1);
        run = i + 1;
    }
    if (run < jieba->n)
        jieba_put_range(jieba, run, jieba->n);
}

bool jieba_cut_latin(struct jieba *jieba, bool hmm)
{
    bool ascii = jieba->offsets[jieba->n] == jieba->n; /* one byte a character */
    if (!ascii || !has_no_pair(jieba))
        return false;
    if (is_alnum(jieba))
        jieba_put_range(jieba, 0, jieba->n);
    else if (hmm)
        jieba_cut_numbers(jieba, 0, jieba->n);
    else
        cut_signs(jieba);
    return true;
}
