/*
 * segment: all modes, on a small dictionary. The first byte says how to cut; the rest is the text,
 * as it is or with a byte for each character. The words of an accurate cut are the text; a search
 * adds parts of them in front of each; a full cut gives runs of the text, and Latin text that it
 * joins. The same scratch memory gives the same words again, and what is no UTF-8 is said to be.
 * With tags the words are the text, too, each with a tag; and the offsets of the last word are
 * those of the end.
 */
#include "segmenter/segment.h"
#include "fuzz/fuzz.h"
#include "fuzz/small.h"
#include "segmenter/offsets.h"
#include "segmenter/tag.h"

#include <stdlib.h>

enum { MODE = 3, HMM = 4, AS_IT_IS = 8, STOP = 16 };

#define MAX_WORDS 65536

struct words {
    struct str text;
    size_t n;       /* words kept */
    size_t k;       /* of them met again in a search */
    uint64_t hash;  /* of all words */
    struct str *at; /* MAX_WORDS */
};

static void add_hash(struct words *words, struct str word)
{
    words->hash = (words->hash ^ word.len) * 0x100000001B3u;
    for (size_t i = 0; i < word.len; i++)
        words->hash = (words->hash ^ (unsigned char)word.at[i]) * 0x100000001B3u;
}

static bool is_within(struct str word, struct str text)
{
    return word.at >= text.at && word.at + word.len <= text.at + text.len;
}

static int keep(void *arg, const struct str *words, size_t n)
{
    struct words *kept = arg;
    for (size_t i = 0; i < n && kept->n < MAX_WORDS; i++) {
        struct str *last = kept->n ? &kept->at[kept->n - 1] : NULL;
        HOLDS(words[i].len > 0 && words[i].at == (last ? last->at + last->len : kept->text.at));
        kept->at[kept->n++] = words[i];
    }
    return 0;
}

static int meet(void *arg, const struct str *words, size_t n)
{
    struct words *kept = arg;
    for (size_t i = 0; i < n; i++) {
        HOLDS(kept->k < kept->n);
        struct str whole = kept->at[kept->k];
        add_hash(kept, words[i]);
        if (words[i].at == whole.at && words[i].len == whole.len)
            kept->k++;
        else
            HOLDS(is_within(words[i], whole) && words[i].len >= 2 && words[i].len < whole.len);
    }
    return 0;
}

static int take_full(void *arg, const struct str *words, size_t n)
{
    struct words *all = arg;
    for (size_t i = 0; i < n; i++) {
        add_hash(all, words[i]);
        for (size_t k = 0; k < words[i].len && !is_within(words[i], all->text); k++)
            HOLDS((unsigned char)words[i].at[k] > ' ');
    }
    return 0;
}

static int keep_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        HOLDS(tags[i].len > 0 && tags[i].len <= TAG_SIZE);
    return keep(arg, words, n);
}

static int stop(void *arg, const struct str *words, size_t n)
{
    (void)arg;
    (void)words;
    return n ? -1 : 0;
}

static int cut(struct words *words, enum segment_mode mode, bool hmm, word_sink *sink)
{
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    words->k = 0;
    words->hash = 0;
    return segmenter_cut(seg, &small_snapshot()->dict, words->text, mode, hmm, sink, words, &err);
}

static struct str last_of(const struct words *words)
{
    return words->n ? words->at[words->n - 1] : (struct str){words->text.at, 0};
}

/* With tags: the same text, in words of its own. */
static void check_tags(struct words *words, bool hmm, int expected)
{
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    words->n = 0;
    HOLDS(segmenter_tag(seg, &small_snapshot()->dict, words->text, hmm, keep_tagged, words, &err) ==
          expected);
    struct text_cursor cursor = text_cursor_begin(words->text);
    struct str last = last_of(words);
    const char *end = words->text.at + words->text.len;
    HOLDS(expected || last.at + last.len == end);
    HOLDS(expected || text_cursor_move(&cursor, last).end == char_count(words->text.at, end));
}

static void check(struct words *words, unsigned char how)
{
    bool hmm = how & HMM, full = (how & MODE) == SEGMENT_FULL;
    enum segment_mode mode = full ? SEGMENT_FULL : SEGMENT_SEARCH;
    int status = cut(words, SEGMENT_ACCURATE, hmm, keep);
    HOLDS(status == !fuzz_is_utf8(words->text));
    struct str *last = words->n ? &words->at[words->n - 1] : NULL;
    HOLDS(status ||
          (last ? last->at + last->len : words->text.at) == words->text.at + words->text.len);
    HOLDS(cut(words, mode, hmm, full ? take_full : meet) == status);
    HOLDS(full || status || words->k == words->n);
    uint64_t hash = words->hash;
    HOLDS(cut(words, mode, hmm, full ? take_full : meet) == status && words->hash == hash);
    if (how & STOP && !status)
        HOLDS(cut(words, mode, hmm, stop) == (words->n ? -1 : 0));
    check_tags(words, hmm, status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf text;
    static struct str kept[MAX_WORDS];
    struct str input = fuzz_text(data, size);
    unsigned char how = fuzz_byte(&input);
    buf_reset(&text);
    if (!(how & AS_IT_IS))
        small_spell(input, &text);
    struct words words = {.text = how & AS_IT_IS ? input : buf_str(&text), .at = kept};
    check(&words, how);
    return 0;
}
