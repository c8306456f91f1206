#include "segmenter/full.h"

#include "segmenter/block.h"
#include "segmenter/output.h"

/* Set `ends` to the ends of the words that begin at character i; to that of the character alone if
 * none does. Returns how many there are. */
static size_t find_words_at(struct segmenter *seg, size_t i)
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

/* Add characters to the Latin text that waits. They need not be its neighbours: jieba joins across
 * longer words that it put in between. */
static void join_latin(struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin];
    buf_add(&seg->joined, seg->block + at, seg->offsets[end] - at);
}

/* Put the Latin text that waits, and flush: the next one overwrites its memory. */
static void put_joined(struct segmenter *seg)
{
    output_put(seg, seg->joined.at, seg->joined.len);
    output_flush(seg);
}

struct full {
    size_t covered; /* The end of the last word that was put or joined. */
    bool latin;     /* Whether Latin text waits in `joined`. */
};

/*
 * Put the words that begin at character i, a letter or digit, or any character while Latin text
 * waits. A word that is the only one at its character is put if no word before it covers the
 * character; if it is Latin, it is joined to the text that waits instead. Of several words, those
 * of more than one character are put.
 */
static void put_latin_words(struct segmenter *seg, size_t i, struct full *full)
{
    bool alnum = label_is_alnum(seg->labels[i]);
    if (full->latin && !alnum) {
        full->latin = false;
        put_joined(seg);
    }
    size_t n = find_words_at(seg, i);
    if (n == 1 && i >= full->covered) {
        full->covered = seg->ends[0];
        if (alnum && !full->latin) {
            full->latin = true;
            buf_reset(&seg->joined);
        }
        if (alnum)
            join_latin(seg, i, full->covered);
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

/* Put the words of one and two characters that begin at character i, if there are no longer ones.
 * No branch: text is not a pattern that a processor could predict. Both words are written, and
 * those that hold are counted. */
static void put_short_words(struct segmenter *seg, size_t i, bool two, struct full *full)
{
    const uint32_t *offsets = seg->offsets + i;
    struct str *words = output_reserve(seg, 2);
    const char *at = seg->block + offsets[0];
    bool one = !two & (i >= full->covered);
    words[0] = (struct str){at, offsets[1] - offsets[0]};
    words[one] = (struct str){at, offsets[1 + !one] - offsets[0]};
    seg->out.n += (size_t)one + two;
    size_t covered = i + 1 > full->covered ? i + 1 : full->covered;
    full->covered = two ? i + 2 : covered;
}

/* Put the words that begin at character i, if they can have three characters or more; `triple` is
 * the unit of the first three. */
static void put_long_words(struct segmenter *seg, size_t i, bool two, dict_unit triple,
                           struct full *full)
{
    size_t last = two ? i + 2 : 0;
    if (two)
        output_put_range(seg, i, last);
    dict_unit node = triple;
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
        bool two = dict_unit_prob(seg->pairs[i]);
        dict_unit triple = block_triple(seg, i);
        if (full.latin || label_is_alnum(seg->labels[i]))
            put_latin_words(seg, i, &full);
        else if (triple)
            put_long_words(seg, i, two, triple, &full);
        else
            put_short_words(seg, i, two, &full);
    }
    if (full.latin)
        put_joined(seg);
}
