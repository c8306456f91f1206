/* unit_segmenter: the compiled dictionary and the segmenter on small dictionaries made here. The
 * comparison with jieba itself is t/segment.t. */
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

static int join(void *arg, const struct str *words, size_t n)
{
    struct buf *out = arg;
    for (size_t i = 0; i < n; i++) {
        if (out->len)
            buf_add_char(out, '|');
        buf_add_str(out, words[i]);
    }
    return 0;
}

static int refuse(void *arg, const struct str *words, size_t n)
{
    (void)words, (void)n;
    ++*(int *)arg;
    return -1;
}

static void cuts(const struct dict *dict, const char *text, enum segment_mode mode, bool hmm,
                 const char *expected)
{
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    struct err err;
    int status = segmenter_cut(seg, dict, str_of(text), mode, hmm, join, &out, &err);
    buf_add_char(&out, '\0');
    ok(status == 0, "'%s' is cut", text);
    is_text(out.at, expected, "into its words");
    buf_free(&out);
    segmenter_free(seg);
}

/* Build a dictionary of words in byte order, each with a frequency. */
static struct dict_builder *build(const char *const *words, const int64_t *freqs, size_t n,
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
    struct dict_builder *builder = build(NULL, NULL, 0, &dict);
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
    struct dict_builder *builder = build(words, freqs, 6, &dict);
    cuts(&dict, "我们的我们", SEGMENT_ACCURATE, false, "我们的|我们");
    cuts(&dict, "我们的", SEGMENT_SEARCH, false, "我们|我们的");
    cuts(&dict, "我们的", SEGMENT_FULL, false, "我们|我们的");
    cuts(&dict, "xabcy", SEGMENT_ACCURATE, false, "x|abc|y");
    cuts(&dict, "xabcy", SEGMENT_FULL, false,
         "ab|abc|xy"); /* jieba joins across the words it gave */
    cuts(&dict, "🙂我们🙂", SEGMENT_ACCURATE, true, "🙂|我们|🙂");
    dict_builder_free(builder);
}

static void test_refusals(void)
{
    struct dict dict;
    struct err err;
    struct dict_builder *builder = build(NULL, NULL, 0, &dict);
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    int calls = 0;
    ok(segmenter_cut(seg, &dict, str_of("我\xE6\x88"), SEGMENT_ACCURATE, true, join, &out, &err) ==
           1,
       "a text that is no UTF-8 is refused");
    is_text(err.text, "invalid UTF-8 at byte 3", "with the place");
    ok(segmenter_cut(seg, &dict, str_of("我 们 我"), SEGMENT_ACCURATE, true, refuse, &calls,
                     &err) == -1,
       "a sink can stop");
    ok(calls == 1, "and is not called again");
    ok(dict_builder_add(builder, str_of("词"), -1, str_of(""), &err) == -1,
       "a negative frequency is refused");
    ok(dict_builder_add(builder, str_of("\xFF"), 1, str_of(""), &err) == -1,
       "a word that is no UTF-8, too");
    buf_free(&out);
    segmenter_free(seg);
    dict_builder_free(builder);
    segmenter_free(NULL);
    dict_builder_free(NULL);
}

/* Every word of a generated dictionary is found, and no prefix or longer word is. */
static void test_lookup(void)
{
    enum { N = 20000 };
    struct dict dict;
    struct err err;
    struct dict_builder *builder = dict_builder_new(false, &err);
    for (uint32_t i = 0; i < N; i++) { /* three characters, ascending */
        uint32_t code[3] = {0x4E00 + i / 400, 0x4E00 + i / 20 % 20, 0x4E00 + i % 20 * 7};
        char word[9];
        for (int c = 0; c < 3; c++) {
            word[3 * c] = (char)(0xE0 | code[c] >> 12);
            word[3 * c + 1] = (char)(0x80 | (code[c] >> 6 & 0x3F));
            word[3 * c + 2] = (char)(0x80 | (code[c] & 0x3F));
        }
        if (dict_builder_add(builder, (struct str){word, 9}, 1 + i % 100, str_of(""), &err))
            ok(0, "%s", err.text);
    }
    ok(!dict_builder_finish(builder, 0, &dict, &err), "20,000 words are compiled");
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
    ok(found == N, "each is found (%zu)", found);
    ok(wrong == 0, "and nothing else (%zu)", wrong);
    dict_builder_free(builder);
}

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

static int refuse_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    (void)tags;
    return refuse(arg, words, n);
}

static void tags(const struct dict *dict, const char *text, bool hmm, const char *expected)
{
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    struct err err;
    int status = segmenter_tag(seg, dict, str_of(text), hmm, join_tagged, &out, &err);
    buf_add_char(&out, '\0');
    ok(status == 0, "'%s' is tagged", text);
    is_text(out.at, expected, "with its parts of speech");
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
       "words with tags, without one, and a tag of what is no word");
    ok(dict_builder_add(builder, str_of("超"), 1, str_of("abcdefghijklmnopq"), &err) == -1 &&
           dict_builder_add(builder, str_of("超"), 1, str_of("名"), &err) == -1,
       "a tag that is too long, or no ASCII, is refused");
    ok(!dict_builder_finish(builder, 0, &dict, &err), "all are compiled");
    tags(&dict, "我们的我a", false, "我们/abcdefghijklmnop|的/x|我/r|a/eng");
    tags(&dict, "我们的", true, "我们/abcdefghijklmnop|的/x");
    tags(&dict, "我 a", true, "我/r| /x|a/q");
    tags(&dict, "1.5#的我-a1", true, "1.5/m|#/x|的/x|我/x|-/x|a1/eng"); /* there is no model */
    tags(&dict, "", true, "");
    dict_builder_free(builder);
}

static void test_tag_refusals(void)
{
    struct dict dict = {0};
    struct err err;
    struct dict_builder *builder = build(NULL, NULL, 0, &dict);
    struct segmenter *seg = segmenter_new();
    struct buf out = {0};
    int calls = 0;
    ok(segmenter_tag(seg, &dict, str_of("我\xE6\x88%"), true, join_tagged, &out, &err) == 1,
       "a text that is no UTF-8 is refused");
    is_text(err.text, "invalid UTF-8 at byte 3", "with the place");
    ok(segmenter_tag(seg, &dict, str_of("我 们"), true, refuse_tagged, &calls, &err) == -1 &&
           calls == 1,
       "a sink can stop");
    buf_free(&out);
    segmenter_free(seg);
    dict_builder_free(builder);
}

/* A model of one tag: what it says decides, and what is out of place is refused. */
static void test_pos_model(void)
{
    struct err err;
    struct dict dict = {0};
    struct dict_builder *builder = build(NULL, NULL, 0, &dict);
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
    ok(pos_builder_add(model, &listed, &err) == -1, "a state that is not there yet");
    ok(!pos_builder_add(model, &begin, &err) && !pos_builder_add(model, &end, &err) &&
           !pos_builder_add(model, &to_end, &err) && !pos_builder_add(model, &to_begin, &err) &&
           !pos_builder_add(model, &listed, &err),
       "rows of a model");
    ok(pos_builder_add(model, &other, &err) == -1, "a place that is none");
    ok(pos_builder_add(model, &out, &err) == -1, "a character outside of the model");
    listed.character = str_of("们");
    ok(pos_builder_add(model, &listed, &err) == -1, "a character that is not in order");
    ok(!pos_builder_finish(model, &dict.pos, &err), "the model is compiled");
    tags(&dict, "我们我们", true, "我们/n|我们/n");
    tags(&dict, "我们我", true, "我们/n|我/n");
    pos_builder_free(model);
    pos_builder_free(NULL);
    dict_builder_free(builder);
}

int main(void)
{
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
