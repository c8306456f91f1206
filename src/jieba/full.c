/*
 * full: all words that can be found in a block; jieba's __cut_all, with its ways.
 */
#include "jieba/scratch.h"

/* The ends of the words that begin at character i, in `ends`, the character alone where there is
 * none. Returns how many. */
static size_t find_words(struct jieba *jieba, size_t i)
{
    const struct jieba_dict *dict = jieba->dict;
    jieba_unit node = dict->units[0];
    size_t n = 0;
    for (size_t j = i; jieba_unit_base(node); j++) {
        uint32_t label = jieba->labels[j];
        node = jieba_child(dict, node, label);
        if (jieba_unit_label(node) != label)
            break;
        if (jieba_unit_cost(node))
            jieba->ends[n++] = (uint32_t)(j + 1);
    }
    if (n == 0)
        jieba->ends[n++] = (uint32_t)(i + 1);
    return n;
}

/* Add a word to the Latin text that waits. It need not follow on what waits already: jieba joins
 * across longer words that it gave in between. */
static void join(struct jieba *jieba, size_t begin, size_t end)
{
    uint32_t at = jieba->offsets[begin];
    buf_add(&jieba->joined, jieba->block + at, jieba->offsets[end] - at);
}

/* Put the Latin text that waits. It lies in memory that the next one overwrites: flush at once. */
static void put_joined(struct jieba *jieba)
{
    jieba_put(jieba, jieba->joined.at, jieba->joined.len);
    jieba_flush(jieba);
}

struct full {
    size_t covered; /* the end of the last word that was given or joined */
    bool latin;     /* Latin text waits in `joined` */
};

/* Words that may begin with a letter or digit, or after Latin text that waits: a word alone at its
 * character is given where no word before it covers the character, or joined if it is Latin; of
 * several, those of more than one character are given. */
static void put_latin_words(struct jieba *jieba, size_t i, struct full *full)
{
    bool alnum = jieba_is_alnum(jieba->labels[i]);
    if (full->latin && !alnum) {
        full->latin = false;
        put_joined(jieba);
    }
    size_t n = find_words(jieba, i);
    if (n == 1 && i >= full->covered) {
        full->covered = jieba->ends[0];
        if (alnum && !full->latin) {
            full->latin = true;
            buf_reset(&jieba->joined);
        }
        if (alnum)
            join(jieba, i, full->covered);
        else
            jieba_put_range(jieba, i, full->covered);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        if (jieba->ends[k] > i + 1) {
            full->covered = jieba->ends[k];
            jieba_put_range(jieba, i, full->covered);
        }
    }
}

/* The same for other words of up to two characters, without a branch: both candidates are written,
 * and as many as hold are counted. Returns whether one is longer. */
static void put_short_words(struct jieba *jieba, size_t i, bool two, struct full *full)
{
    if (jieba->n_words > JIEBA_BATCH - 3)
        jieba_flush(jieba);
    const uint32_t *offsets = jieba->offsets + i;
    struct str *words = jieba->words + jieba->n_words;
    const char *at = jieba->block + offsets[0];
    bool one = !two & (i >= full->covered);
    words[0] = (struct str){at, offsets[1] - offsets[0]};
    words[one] = (struct str){at, offsets[1 + !one] - offsets[0]};
    jieba->n_words += (size_t)one + two;
    size_t covered = i + 1 > full->covered ? i + 1 : full->covered;
    full->covered = two ? i + 2 : covered;
}

/* And for words that may be longer, `third` being the unit of three characters. */
static void put_long_words(struct jieba *jieba, size_t i, bool two, jieba_unit third,
                           struct full *full)
{
    size_t last = two ? i + 2 : 0;
    if (two)
        jieba_put_range(jieba, i, last);
    jieba_unit node = third;
    for (size_t end = i + 3; node; end++) {
        if (jieba_unit_cost(node)) {
            last = end;
            jieba_put_range(jieba, i, last);
        }
        node =
            jieba_unit_if(jieba_child(jieba->dict, node, jieba->labels[end]), jieba->labels[end]);
    }
    if (!last && i >= full->covered) {
        last = i + 1;
        jieba_put_range(jieba, i, last);
    }
    if (last)
        full->covered = last;
}

void jieba_cut_full(struct jieba *jieba)
{
    struct full full = {0};
    for (size_t i = 0; i < jieba->n; i++) {
        bool two = jieba_unit_cost(jieba->second[i]);
        jieba_unit third = jieba_third(jieba, i);
        if (full.latin || jieba_is_alnum(jieba->labels[i]))
            put_latin_words(jieba, i, &full);
        else if (third)
            put_long_words(jieba, i, two, third, &full);
        else
            put_short_words(jieba, i, two, &full);
    }
    if (full.latin)
        put_joined(jieba);
}
