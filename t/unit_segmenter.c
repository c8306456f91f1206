/*
 * Tests the compiled dictionary and the segmenter with small dictionaries made here. t/segment.t
 * compares the segmenter with jieba itself.
 */
#include "t/tap.h"

#include "lexicon/dict_builder.h"
#include "lexicon/pos_builder.h"
#include "segmenter/segment.h"
#include "segmenter/tag.h"
#include "util/buf.h"

#include <math.h>
#include <stdlib.h>

static struct hmm_model no_model;

static void fill_no_model(void)
{
    double *at = (double *)&no_model;
    for (size_t i = 0; i < sizeof no_model / sizeof *at; i++)
        at[i] = LOG_ZERO;
}

/* Sink: append the words, separated by "|". */
static int join_words(void *arg, const struct str *words, size_t n)
{
    struct buf *out = arg;
    for (size_t i = 0; i < n; i++) {
        if (out->len)
            buf_add_char(out, '|');
        buf_add_str(out, words[i]);
    }
    return 0;
}

/* Sink: count the calls, and stop. */
static int stop_at_once(void *arg, const struct str *words, size_t n)
{
    (void)words, (void)n;
    ++*(int *)arg;
    return -1;
}

/* Test that a text is cut into these words, separated by "|". */
static void cuts(const struct dict *dict, const char *text, enum segment_mode mode, bool hmm,
                 const char *expected)
{
    static const char *const modes[] = {"accurate", "full", "search"};
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    struct err err;
    char name[256];
    int status = segmenter_cut(seg, dict, str_of(text), mode, hmm, join_words, &out, &err);
    buf_add_char(&out, '\0');
    snprintf(name, sizeof name, "'%s' is cut into '%s' in %s mode", text, expected, modes[mode]);
    is_text(status ? err.text : out.at, expected, name);
    buf_free(&out);
    segmenter_free(seg);
}

/* Build a dictionary of words in byte order, each with a frequency. */
static struct dict_builder *build_dict(const char *const *words, const int64_t *freqs, size_t n,
                                       struct dict *dict)
{
    struct err err;
    struct dict_builder *builder = dict_builder_new(false, &err);
    for (size_t i = 0; i < n; i++) {
        if (dict_builder_add(builder, str_of(words[i]), freqs[i], str_of(""), &err))
            tap_give_up("cannot build a dictionary: %s", err.text);
    }
    if (dict_builder_finish(builder, 0, dict, &err))
        tap_give_up("cannot build a dictionary: %s", err.text);
    dict->hmm = &no_model;
    return builder;
}

static void test_empty(void)
{
    struct dict dict;
    struct dict_builder *builder = build_dict(NULL, NULL, 0, &dict);
    cuts(&dict, "我们abc", SEGMENT_ACCURATE, false, "我|们|abc");
    cuts(&dict, "我们 abc", SEGMENT_FULL, false, "我|们|| ||abc");
    cuts(&dict, "", SEGMENT_ACCURATE, true, "");
    dict_builder_free(builder);
}

static void test_small(void)
{
    static const char *const words[] = {"ab", "abc", "我们", "我们的", "的", "🙂"};
    static const int64_t freqs[] = {5, 5, 100, 90, 200, 9};
    struct dict dict;
    struct dict_builder *builder = build_dict(words, freqs, 6, &dict);
    cuts(&dict, "我们的我们", SEGMENT_ACCURATE, false, "我们的|我们");
    cuts(&dict, "我们的", SEGMENT_SEARCH, false, "我们|我们的");
    cuts(&dict, "我们的", SEGMENT_FULL, false, "我们|我们的");
    cuts(&dict, "xabcy", SEGMENT_ACCURATE, false, "x|abc|y");
    cuts(&dict, "xabcy", SEGMENT_FULL, false,
         "ab|abc|xy"); /* Jieba joins "x" and "y" across the words between them. */
    cuts(&dict, "🙂我们🙂", SEGMENT_ACCURATE, true, "🙂|我们|🙂");
    dict_builder_free(builder);
}

static void test_refusals(void)
{
    struct dict dict;
    struct err err;
    struct dict_builder *builder = build_dict(NULL, NULL, 0, &dict);
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    int calls = 0;
    ok(segmenter_cut(seg, &dict, str_of("我\xE6\x88"), SEGMENT_ACCURATE, true, join_words, &out,
                     &err) == 1,
       "segmenter_cut() rejects a text that is not valid UTF-8");
    is_text(err.text, "invalid UTF-8 at byte 3",
            "segmenter_cut() names the byte that is not valid UTF-8");
    ok(segmenter_cut(seg, &dict, str_of("我 们 我"), SEGMENT_ACCURATE, true, stop_at_once, &calls,
                     &err) == -1,
       "segmenter_cut() fails if its sink stops");
    ok(calls == 1, "segmenter_cut() does not call a sink again that has stopped");
    ok(dict_builder_add(builder, str_of("词"), -1, str_of(""), &err) == -1,
       "dict_builder_add() rejects a negative frequency");
    ok(dict_builder_add(builder, str_of("\xFF"), 1, str_of(""), &err) == -1,
       "dict_builder_add() rejects a word that is not valid UTF-8");
    buf_free(&out);
    segmenter_free(seg);
    dict_builder_free(builder);
    segmenter_free(NULL);
    dict_builder_free(NULL);
}

/* Look up every word of a generated dictionary, its prefixes, and longer words. */
static void test_lookup(void)
{
    enum { N = 20000 };
    struct dict dict;
    struct err err;
    struct dict_builder *builder = dict_builder_new(false, &err);
    for (uint32_t i = 0; i < N; i++) { /* Three characters, in ascending order. */
        uint32_t code[3] = {0x4E00 + i / 400, 0x4E00 + i / 20 % 20, 0x4E00 + i % 20 * 7};
        char word[9];
        for (int c = 0; c < 3; c++) {
            word[3 * c] = (char)(0xE0 | code[c] >> 12);
            word[3 * c + 1] = (char)(0x80 | (code[c] >> 6 & 0x3F));
            word[3 * c + 2] = (char)(0x80 | (code[c] & 0x3F));
        }
        if (dict_builder_add(builder, (struct str){word, 9}, 1 + i % 100, str_of(""), &err))
            tap_give_up("cannot add a word: %s", err.text);
    }
    ok(!dict_builder_finish(builder, 0, &dict, &err),
       "dict_builder_finish() compiles 20,000 words");
    size_t found = 0, wrong = 0;
    for (uint32_t i = 0; i < N; i++) {
        uint16_t labels[4] = {(uint16_t)dict_label(0x4E00 + i / 400),
                              (uint16_t)dict_label(0x4E00 + i / 20 % 20),
                              (uint16_t)dict_label(0x4E00 + i % 20 * 7), 1};
        found += dict_find(&dict, labels, 3) != 0;
        wrong += dict_find(&dict, labels, 2) != 0 || dict_find(&dict, labels, 4) != 0;
        labels[2]++;
        wrong += dict_find(&dict, labels, 3) != 0;
    }
    ok(found == N, "dict_find() finds each word (%zu found)", found);
    ok(wrong == 0, "dict_find() finds no prefix and no longer word (%zu found)", wrong);
    dict_builder_free(builder);
}

/* Sink: append the words with their tags, separated by "|". */
static int join_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct buf *out = arg;
    for (size_t i = 0; i < n; i++) {
        if (out->len)
            buf_add_char(out, '|');
        buf_add_str(out, words[i]);
        buf_add_char(out, '/');
        buf_add_str(out, tags[i]);
    }
    return 0;
}

static int stop_at_once_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    (void)tags;
    return stop_at_once(arg, words, n);
}

/* Test that a text is cut into these words with these tags. */
static void tags(const struct dict *dict, const char *text, bool hmm, const char *expected)
{
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    struct err err;
    char name[256];
    int status = segmenter_tag(seg, dict, str_of(text), hmm, join_tagged, &out, &err);
    buf_add_char(&out, '\0');
    snprintf(name, sizeof name, "'%s' is tagged as '%s'", text, expected);
    is_text(status ? err.text : out.at, expected, name);
    buf_free(&out);
    segmenter_free(seg);
}

static void test_tags(void)
{
    struct dict dict = {0};
    struct err err;
    struct dict_builder *builder = dict_builder_new(false, &err);
    ok(!dict_builder_add(builder, str_of("a"), 3, str_of("q"), &err) &&
           !dict_builder_add(builder, str_of("我"), 0, str_of("r"), &err) &&
           !dict_builder_add(builder, str_of("我们"), 100, str_of("abcdefghijklmnop"), &err) &&
           !dict_builder_add(builder, str_of("的"), 200, str_of(""), &err),
       "dict_builder_add() accepts words with and without a tag, and a tag with the frequency 0");
    ok(dict_builder_add(builder, str_of("超"), 1, str_of("abcdefghijklmnopq"), &err) == -1 &&
           dict_builder_add(builder, str_of("超"), 1, str_of("名"), &err) == -1,
       "dict_builder_add() rejects a tag that is too long or not ASCII");
    ok(!dict_builder_finish(builder, 0, &dict, &err),
       "dict_builder_finish() compiles words with tags");
    tags(&dict, "我们的我a", false, "我们/abcdefghijklmnop|的/x|我/r|a/eng");
    tags(&dict, "我们的", true, "我们/abcdefghijklmnop|的/x");
    tags(&dict, "我 a", true, "我/r| /x|a/q");
    tags(&dict, "1.5#的我-a1", true, "1.5/m|#/x|的/x|我/x|-/x|a1/eng"); /* Without a model. */
    tags(&dict, "", true, "");
    dict_builder_free(builder);
}

static void test_tag_refusals(void)
{
    struct dict dict = {0};
    struct err err;
    struct dict_builder *builder = build_dict(NULL, NULL, 0, &dict);
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    int calls = 0;
    ok(segmenter_tag(seg, &dict, str_of("我\xE6\x88%"), true, join_tagged, &out, &err) == 1,
       "segmenter_tag() rejects a text that is not valid UTF-8");
    is_text(err.text, "invalid UTF-8 at byte 3",
            "segmenter_tag() names the byte that is not valid UTF-8");
    ok(segmenter_tag(seg, &dict, str_of("我 们"), true, stop_at_once_tagged, &calls, &err) == -1 &&
           calls == 1,
       "segmenter_tag() fails if its sink stops, and does not call it again");
    buf_free(&out);
    segmenter_free(seg);
    dict_builder_free(builder);
}

/* Build a model of one tag, and tag text by it; try rows that are not valid. */
static void test_pos_model(void)
{
    struct err err;
    struct dict dict = {0};
    struct dict_builder *builder = build_dict(NULL, NULL, 0, &dict);
    struct pos_builder *model = pos_builder_new(&err);
    struct pos_row begin = {.kind = POS_ROW_START, .state = {str_of("B"), str_of("n")}};
    struct pos_row end = {.kind = POS_ROW_START, .state = {str_of("E"), str_of("n")}};
    struct pos_row other = {.kind = POS_ROW_START, .state = {str_of("Z"), str_of("n")}};
    struct pos_row to_end = {
        .kind = POS_ROW_TRANS, .state = begin.state, .next = end.state, .log = -1};
    struct pos_row to_begin = {
        .kind = POS_ROW_TRANS, .state = end.state, .next = begin.state, .log = -INFINITY};
    struct pos_row listed = {.kind = POS_ROW_LIST, .state = begin.state, .character = str_of("我")};
    struct pos_row out = {.kind = POS_ROW_EMIT, .state = begin.state, .character = str_of("a")};
    ok(pos_builder_add(model, &listed, &err) == -1,
       "pos_builder_add() rejects a state that the model does not have");
    ok(!pos_builder_add(model, &begin, &err) && !pos_builder_add(model, &end, &err) &&
           !pos_builder_add(model, &to_end, &err) && !pos_builder_add(model, &to_begin, &err) &&
           !pos_builder_add(model, &listed, &err),
       "pos_builder_add() accepts the rows of a model");
    ok(pos_builder_add(model, &other, &err) == -1,
       "pos_builder_add() rejects a place other than B, M, E and S");
    ok(pos_builder_add(model, &out, &err) == -1,
       "pos_builder_add() rejects a character that is not Chinese");
    listed.character = str_of("们");
    ok(pos_builder_add(model, &listed, &err) == -1,
       "pos_builder_add() rejects a character that is out of order");
    ok(!pos_builder_finish(model, &dict.pos, &err), "pos_builder_finish() compiles the model");
    tags(&dict, "我们我们", true, "我们/n|我们/n");
    tags(&dict, "我们我", true, "我们/n|我/n");
    pos_builder_free(model);
    pos_builder_free(NULL);
    dict_builder_free(builder);
}

int main(void)
{
    tap_plan(37);
    fill_no_model();
    test_empty();
    test_small();
    test_refusals();
    test_lookup();
    test_tags();
    test_tag_refusals();
    test_pos_model();
    return tap_done();
}
