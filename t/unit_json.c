/* Writing JSON text. */
#include "api/json.h"

#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

static void test_json_escapes(void)
{
    static const char expected[] = "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\"
                                   "t\\n\\u000b\\f\\r\\u000e\\u000f"
                                   "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018"
                                   "\\u0019\\u001a\\u001b\\u001c"
                                   "\\u001d\\u001e\\u001f !\\\"#/[\\\\]\x7f我\U0001F600\"";
    struct buf text = {0}, out = {0};
    for (char c = 0; c < 0x20; c++)
        buf_add_char(&text, c);
    buf_add_text(&text, " !\"#/[\\]\x7f我\U0001F600");
    json_add_string(&out, buf_str(&text));
    ok(str_is(buf_str(&out), expected), "json_add_string escapes these characters only: %.*s",
       (int)out.len, out.at);
    buf_free(&text);
    buf_free(&out);
}

/* Long strings are escaped in pieces, which may begin at any character. */
static void test_json_long(size_t len)
{
    struct buf text = {0}, out = {0}, expected = {0};
    buf_add_char(&expected, '"');
    for (size_t i = 0; i < len; i++) {
        buf_add_char(&text, i % 3 ? '\n' : 'x');
        buf_add_text(&expected, i % 3 ? "\\n" : "x");
    }
    buf_add_char(&expected, '"');
    json_add_string(&out, buf_str(&text));
    ok(str_eq(buf_str(&out), buf_str(&expected)), "json_add_string writes a string of %zu bytes",
       len);
    buf_free(&text);
    buf_free(&out);
    buf_free(&expected);
}

static void test_json_strings(void)
{
    const struct str texts[] = {str_of("我"), str_of(""), str_of("\t")};
    struct buf out = {0};
    json_add_strings(&out, texts, 0);
    ok(out.len == 0, "json_add_strings writes nothing for no strings");
    json_add_strings(&out, texts, 3);
    ok(str_is(buf_str(&out), "\"我\", \"\", \"\\t\""), "json_add_strings writes three strings");
    buf_free(&out);
}

/* Cut a text of `len` bytes, with `special` at `at`, into words of `size` bytes, and write them both ways.
 * Returns whether the results are equal. */
static bool words_are_strings(size_t len, size_t at, char special, size_t size)
{
    char *text = malloc(len); /* so that ASan notices a byte read beyond it */
    struct str words[64];
    struct buf expected = {0}, got = {0};
    size_t n = 0;
    memset(text, 'x', len);
    text[at] = special;
    for (size_t begin = 0; begin < len; begin += size)
        words[n++] = (struct str){text + begin, len - begin < size ? len - begin : size};
    words[n++] = str_of("from elsewhere"); /* as a word of full mode can be */
    words[n++] = str_of("");
    json_add_strings(&expected, words, n);
    struct json_source source;
    json_source_begin(&source, (struct str){text, len});
    json_add_words(&got, &source, words, n);
    bool same = str_eq(buf_str(&expected), buf_str(&got));
    buf_free(&expected);
    buf_free(&got);
    free(text);
    return same;
}

static void test_json_words(void)
{
    static const char special[] = {'x', '"',  '\\',       '\n',       0x1f,
                                   ' ', 0x7f, (char)0x80, (char)0xff, 0};
    size_t wrong = 0;
    for (size_t len = 1; len <= 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (size_t i = 0; i < sizeof special; i++) {
                for (size_t size = 1; size <= 20; size++)
                    wrong += !words_are_strings(len, at, special[i], size);
            }
        }
    }
    ok(wrong == 0, "json_add_words writes what json_add_strings writes: %zu differ", wrong);
}

static void test_json_pairs(void)
{
    struct buf out = {0};
    json_add_pair(&out, false, 0, 10);
    json_add_pair(&out, true, 4294967295, 7);
    ok(str_is(buf_str(&out), "[0, 10], [4294967295, 7]"), "json_add_pair writes numbers: %.*s",
       (int)out.len, out.at);
    buf_free(&out);
}

int main(void)
{
    tap_plan(11);
    test_json_escapes();
    for (size_t len = 1022; len < 1027; len++)
        test_json_long(len);
    test_json_long(100000);
    test_json_strings();
    test_json_words();
    test_json_pairs();
    return tap_done();
}
