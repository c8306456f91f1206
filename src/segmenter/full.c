/*
 * full: all words that can be found in a block; jieba's __cut_all, with its ways.
 */
#include "segmenter/segmenter.h"

/* The ends of the words that begin at character i, in `ends`, the character alone where there is
 * none. Returns how many. */
static size_t find_words(struct segmenter *seg, size_t i)
{
    const struct dict *dict = seg->dict;
    dict_unit node = dict->units[0];
    size_t n = 0;
    for (size_t j = i; dict_unit_base(node); j++) {
        uint32_t label = seg->labels[j];
        node = dict_child(dict, node, label);
        if (dict_unit_label(node) != label)
            break;
        if (dict_unit_prob(node))
            seg->ends[n++] = (uint32_t)(j + 1);
    }
    if (n == 0)
        seg->ends[n++] = (uint32_t)(i + 1);
    return n;
}

/* Add a word to the Latin text that waits. It need not follow on what waits already: jieba joins
 * across longer words that it gave in between. */
static void join(struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin];
    buf_add(&seg->joined, seg->block + at, seg->offsets[end] - at);
}

/* Put the Latin text that waits. It lies in memory that the next one overwrites: flush at once. */
static void put_joined(struct segmenter *seg)
{
    output_put(seg, seg->joined.at, seg->joined.len);
    output_flush(seg);
}

struct full {
    size_t covered; /* the end of the last word that was given or joined */
    bool latin;     /* Latin text waits in `joined` */
};

/* Words that may begin with a letter or digit, or after Latin text that waits: a word alone at its
 * character is given where no word before it covers the character, or joined if it is Latin; of
 * several, those of more than one character are given. */
static void put_latin_words(struct segmenter *seg, size_t i, struct full *full)
{
    bool alnum = label_is_alnum(seg->labels[i]);
    if (full->latin && !alnum) {
        full->latin = false;
        put_joined(seg);
    }
    size_t n = find_words(seg, i);
    if (n == 1 && i >= full->covered) {
        full->covered = seg->ends[0];
        if (alnum && !full->latin) {
            full->latin = true;
            buf_reset(&seg->joined);
        }
        if (alnum)
            join(seg, i, full->covered);
        else
            output_put_range(seg, i, full->covered);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        if (seg->ends[k] > i + 1) {
            full->covered = seg->ends[k];
            output_put_range(seg, i, full->covered);
        }
    }
}

/* The same for other words of up to two characters, without a branch: both candidates are written,
 * and as many as hold are counted. Returns whether one is longer. */
static void put_short_words(struct segmenter *seg, size_t i, bool two, struct full *full)
{
    if (seg->n_words > OUTPUT_BATCH - 3)
        output_flush(seg);
    const uint32_t *offsets = seg->offsets + i;
    struct str *words = seg->words + seg->n_words;
    const char *at = seg->block + offsets[0];
    bool one = !two & (i >= full->covered);
    words[0] = (struct str){at, offsets[1] - offsets[0]};
    words[one] = (struct str){at, offsets[1 + !one] - offsets[0]};
    seg->n_words += (size_t)one + two;
    size_t covered = i + 1 > full->covered ? i + 1 : full->covered;
    full->covered = two ? i + 2 : covered;
}

/* And for words that may be longer, `third` being the unit of three characters. */
static void put_long_words(struct segmenter *seg, size_t i, bool two, dict_unit third,
                           struct full *full)
{
    size_t last = two ? i + 2 : 0;
    if (two)
        output_put_range(seg, i, last);
    dict_unit node = third;
    for (size_t end = i + 3; node; end++) {
        if (dict_unit_prob(node)) {
            last = end;
            output_put_range(seg, i, last);
        }
        node = dict_unit_if(dict_child(seg->dict, node, seg->labels[end]), seg->labels[end]);
    }
    if (!last && i >= full->covered) {
        last = i + 1;
        output_put_range(seg, i, last);
    }
    if (last)
        full->covered = last;
}

void cut_full(struct segmenter *seg)
{
    struct full full = {0};
    for (size_t i = 0; i < seg->n; i++) {
        bool two = dict_unit_prob(seg->second[i]);
        dict_unit third = segmenter_third(seg, i);
        if (full.latin || label_is_alnum(seg->labels[i]))
            put_latin_words(seg, i, &full);
        else if (third)
            put_long_words(seg, i, two, third, &full);
        else
            put_short_words(seg, i, two, &full);
    }
    if (full.latin)
        put_joined(seg);
}
