/*
 * Fuzzes the segmenter in all modes, with a small dictionary. The first byte of the input selects
 * the mode; the rest is the text, as it is, or one byte for each character.
 *
 * In accurate mode the words together must be the text. Search mode must put parts of a word before
 * the word, and otherwise give the same words. Full mode must give runs of the text, or Latin text
 * that it has joined. A second run with the same scratch memory must give the same words. A text
 * that is not valid UTF-8 must be rejected. With tags, the words together must be the text, each
 * must have a tag, and the offsets of the last word must end at the end of the text.
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
    struct str *at; /* [MAX_WORDS] The words of accurate mode. */
    size_t n;       /* The number of words in `at`. */
    size_t n_seen;  /* The number of them that search mode has given again. */
    uint64_t hash;  /* The hash of all words of the last run. */
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

/* Sink of accurate mode: each word begins where the one before it ends. */
static int keep_words(void *arg, const struct str *words, size_t n)
{
    struct words *kept = arg;
    for (size_t i = 0; i < n && kept->n < MAX_WORDS; i++) {
        struct str *last = kept->n ? &kept->at[kept->n - 1] : NULL;
        HOLDS(words[i].len > 0 && words[i].at == (last ? last->at + last->len : kept->text.at));
        kept->at[kept->n++] = words[i];
    }
    return 0;
}

/* Sink of search mode: the kept words, and before each its parts. */
static int check_search_words(void *arg, const struct str *words, size_t n)
{
    struct words *kept = arg;
    for (size_t i = 0; i < n; i++) {
        HOLDS(kept->n_seen < kept->n);
        struct str whole = kept->at[kept->n_seen];
        add_hash(kept, words[i]);
        if (words[i].at == whole.at && words[i].len == whole.len)
            kept->n_seen++;
        else
            HOLDS(is_within(words[i], whole) && words[i].len >= 2 && words[i].len < whole.len);
    }
    return 0;
}

/* Sink of full mode: runs of the text, or joined text without spaces. */
static int check_full_words(void *arg, const struct str *words, size_t n)
{
    struct words *all = arg;
    for (size_t i = 0; i < n; i++) {
        add_hash(all, words[i]);
        for (size_t k = 0; k < words[i].len && !is_within(words[i], all->text); k++)
            HOLDS((unsigned char)words[i].at[k] > ' ');
    }
    return 0;
}

/* Sink of tagged words. */
static int keep_tagged_words(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        HOLDS(tags[i].len > 0 && tags[i].len <= TAG_SIZE);
    return keep_words(arg, words, n);
}

/* Sink that stops at once. */
static int stop_at_once(void *arg, const struct str *words, size_t n)
{
    (void)arg;
    (void)words;
    return n ? -1 : 0;
}

/* Cut the text, always with the same scratch memory. */
static int cut_again(struct words *words, enum segment_mode mode, bool hmm, word_sink *sink)
{
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    words->n_seen = 0;
    words->hash = 0;
    return segmenter_cut(seg, &small_snapshot()->dict, words->text, mode, hmm, sink, words, &err);
}

static struct str last_of(const struct words *words)
{
    return words->n ? words->at[words->n - 1] : (struct str){words->text.at, 0};
}

/* Tag the text; the result must be `expected`. */
static void check_tags(struct words *words, bool hmm, int expected)
{
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    words->n = 0;
    HOLDS(segmenter_tag(seg, &small_snapshot()->dict, words->text, hmm, keep_tagged_words, words,
                        &err) == expected);
    struct text_cursor cursor = text_cursor_begin(words->text);
    struct str last = last_of(words);
    const char *end = words->text.at + words->text.len;
    HOLDS(expected || last.at + last.len == end);
    HOLDS(expected || text_cursor_move(&cursor, last).end == char_count(words->text.at, end));
}

static void check_modes(struct words *words, unsigned char how)
{
    bool hmm = how & HMM, full = (how & MODE) == SEGMENT_FULL;
    enum segment_mode mode = full ? SEGMENT_FULL : SEGMENT_SEARCH;
    word_sink *sink = full ? check_full_words : check_search_words;
    int status = cut_again(words, SEGMENT_ACCURATE, hmm, keep_words);
    HOLDS(status == !fuzz_is_utf8(words->text));
    struct str *last = words->n ? &words->at[words->n - 1] : NULL;
    HOLDS(status ||
          (last ? last->at + last->len : words->text.at) == words->text.at + words->text.len);
    HOLDS(cut_again(words, mode, hmm, sink) == status);
    HOLDS(full || status || words->n_seen == words->n);
    uint64_t hash = words->hash;
    HOLDS(cut_again(words, mode, hmm, sink) == status && words->hash == hash);
    if (how & STOP && !status)
        HOLDS(cut_again(words, mode, hmm, stop_at_once) == (words->n ? -1 : 0));
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
    check_modes(&words, how);
    return 0;
}
