#include "segmenter/latin.h"

#include "segmenter/output.h"

/* The end of a match of finalseg's re_skip, [a-zA-Z0-9]+(?:\.\d+)?%?, that begins at a letter or
 * digit, i < end. */
static size_t match_number(const struct segmenter *seg, size_t i, size_t end)
{
    const uint16_t *labels = seg->labels;
    while (i < end && label_is_alnum(labels[i]))
        i++;
    if (i + 1 < end && labels[i] == dict_ascii_label['.'] && label_is_digit(labels[i + 1])) {
        for (i++; i < end && label_is_digit(labels[i]); i++)
            ;
    }
    return i < end && labels[i] == dict_ascii_label['%'] ? i + 1 : i;
}

void cut_non_han(struct segmenter *seg, size_t begin, size_t end)
{
    while (begin < end) {
        size_t i = begin;
        if (label_is_alnum(seg->labels[i])) {
            i = match_number(seg, i, end);
        } else {
            while (i < end && !label_is_alnum(seg->labels[i]))
                i++;
        }
        output_put_word(seg, begin, i);
        begin = i;
    }
}

/* Whether no word of the dictionary begins with two neighbours of the block. */
static bool has_no_pair(const struct segmenter *seg)
{
    const struct dict *dict = seg->dict;
    const uint16_t *labels = seg->labels;
    dict_unit pairs = 0;
    for (size_t i = 1; i < seg->n; i++)
        pairs |= dict_unit_if(dict_child(dict, seg->singles[i - 1], labels[i]), labels[i]);
    return !pairs;
}

/* Whether the block has only letters and digits. */
static bool is_alnum(const struct segmenter *seg)
{
    bool alnum = true;
    for (size_t i = 0; i < seg->n; i++)
        alnum &= label_is_alnum(seg->labels[i]);
    return alnum;
}

/* Cut the block into runs of letters and digits, and single signs. */
static void cut_at_signs(struct segmenter *seg)
{
    size_t run = 0;
    for (size_t i = 0; i < seg->n; i++) {
        if (label_is_alnum(seg->labels[i]))
            continue;
        if (run < i)
            output_put_range(seg, run, i);
        output_put_range(seg, i, i + 1);
        run = i + 1;
    }
    if (run < seg->n)
        output_put_range(seg, run, seg->n);
}

bool cut_latin_block(struct segmenter *seg, bool hmm)
{
    bool ascii = seg->offsets[seg->n] == seg->n; /* one byte a character */
    if (!ascii || !has_no_pair(seg))
        return false;
    if (is_alnum(seg))
        output_put_range(seg, 0, seg->n);
    else if (hmm)
        cut_non_han(seg, 0, seg->n);
    else
        cut_at_signs(seg);
    return true;
}
