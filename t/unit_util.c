/* unit_util: base64, buf, decimal, err, rfc3339, str, url and utf8 of src/util. */
#include "t/tap.h"

#include "util/base64.h"
#include "util/buf.h"
#include "util/decimal.h"
#include "util/err.h"
#include "util/http_status.h"
#include "util/rfc3339.h"
#include "util/url.h"
#include "util/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static void test_err(void)
{
    struct err err;
    ok(err_set(&err, "%d is %s", 3, "odd") == -1, "err_set() returns -1");
    is_text(err.text, "3 is odd", "err_set() formats the text");
    errno = ENOENT;
    err_errno(&err, "no %s", "file");
    is_text(err.text, "no file: No such file or directory",
            "err_errno() appends the text of errno");
    char long_text[2000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    err_errno(&err, "%s", long_text);
    ok(strlen(err.text) == sizeof err.text - 1, "err_errno() cuts a text that is too long");
    static const char *const characters[] = {"é", "中", "😀"};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        struct buf buf = {0};
        for (size_t n = 0; n < sizeof err.text; n++)
            buf_add_text(&buf, characters[i]);
        for (int shift = 0; shift < 4; shift++) {
            err_set(&err, "%.*s%.*s", shift, "xxx", (int)buf.len, buf.at);
            ok(utf8_is_valid(str_of(err.text)) && strlen(err.text) > sizeof err.text - 5,
               "err_set() cuts a text of %s between two characters, %d bytes before it",
               characters[i], shift);
        }
        buf_free(&buf);
    }
}

static void test_buf(void)
{
    struct buf buf = {0};
    for (int i = 0; i < 1000; i++)
        buf_print(&buf, "%d,", i);
    ok(buf.len == 3890 && !buf.failed, "a buf grows with 1,000 additions");
    ok(!memcmp(buf.at + buf.len - 8, "998,999,", 8), "a buf keeps the order of 1,000 additions");
    const char *before = buf.at;
    buf_reset(&buf);
    buf_add_text(&buf, "again");
    ok(buf.at == before && str_is(buf_str(&buf), "again"), "buf_reset() keeps the memory");
    ok(!buf_reserve(&buf, SIZE_MAX - 2) && buf.failed,
       "buf_reserve() fails for an impossible size");
    buf_add_char(&buf, '!');
    ok(buf.len == 5, "a buf that has failed ignores additions");
    buf_reset(&buf);
    ok(!buf.failed, "buf_reset() clears the failure");
    buf_free(&buf);
    ok(str_is(buf_str(&buf), ""), "a freed buf is empty");
}

static void decodes(const char *in, bool plus, const char *expected)
{
    struct buf out = {0};
    struct err err;
    int status = url_decode(str_of(in), plus, &out, &err);
    if (expected)
        ok(!status && str_is(buf_str(&out), expected), "url_decode() decodes '%s'", in);
    else
        ok(status == -1, "url_decode() rejects '%s'", in);
    buf_free(&out);
}

static void test_url_decode(void)
{
    decodes("a%20b+c", true, "a b c");
    decodes("a%20b+c", false, "a b+c");
    decodes("%E6%88%91%e6%88%91", true, "我我");
    decodes("%2541", true, "%41");
    decodes("", true, "");
    decodes("%", true, NULL);
    decodes("%4", true, NULL);
    decodes("a%zz", true, NULL);
    decodes("%4g", true, NULL);
    decodes("%%41", true, NULL);
}

static void test_url_query(void)
{
    struct url_params params = {0};
    struct err err;
    ok(!url_parse_query(&params, str_of("a=1&b=%32&&a=3&c&=x&d=e=f"), &err),
       "url_parse_query() reads a query string");
    ok(params.n == 6, "url_parse_query() skips empty pairs");
    ok(str_is(*url_param(&params, "a"), "3"), "url_param() returns the last of several values");
    ok(str_is(*url_param(&params, "b"), "2"), "url_parse_query() decodes %%XX in a value");
    ok(str_is(*url_param(&params, "c"), ""), "a parameter without = has an empty value");
    ok(str_is(*url_param(&params, "d"), "e=f"), "the first = separates the name from the value");
    ok(str_is(*url_param(&params, ""), "x"), "a parameter may have an empty name");
    ok(!url_param(&params, "z"), "url_param() returns NULL for an unknown name");
    url_params_reset(&params);
    ok(!url_param(&params, "a"), "url_params_reset() removes the parameters");
    char many[2 * (URL_MAX_PARAMS + 1) + 1] = "";
    for (int i = 0; i <= URL_MAX_PARAMS; i++)
        memcpy(many + 2 * i, "a&", 3);
    ok(url_parse_query(&params, str_of(many), &err) == URL_TOO_MANY,
       "url_parse_query() rejects 1,001 parameters");
    is_text(err.text, "more than 1000 parameters",
            "the error for too many parameters names the limit");
    url_params_free(&params);
}

static void reads(const char *bytes, size_t len, size_t expected, uint32_t code)
{
    uint32_t got = 0;
    char *copy = malloc(len); /* exactly this long, so that ASan sees a byte too many */
    memcpy(copy, bytes, len);
    size_t n = utf8_read(copy, len, &got);
    ok(n == expected && (!n || got == code),
       "utf8_read() takes %zu of %zu bytes that begin with %02x", expected, len,
       (unsigned char)bytes[0]);
    free(copy);
}

static void test_utf8(void)
{
    reads("A", 1, 1, 'A');
    reads("\0", 1, 1, 0);
    reads("\xC3\xA9", 2, 2, 0xE9);
    reads("\xE6\x88\x91", 3, 3, 0x6211);
    reads("\xF0\x9F\x98\x80", 4, 4, 0x1F600);
    reads("\xF4\x8F\xBF\xBF", 4, 4, 0x10FFFF);
    reads("\x80", 1, 0, 0);
    reads("\xC3", 1, 0, 0);
    reads("\xE6\x88", 2, 0, 0);
    reads("\xF0\x9F\x98", 3, 0, 0);
    reads("\xC0\x80", 2, 0, 0);         /* overlong */
    reads("\xE0\x80\xAF", 3, 0, 0);     /* overlong */
    reads("\xF0\x80\x80\xAF", 4, 0, 0); /* overlong */
    reads("\xED\xA0\x80", 3, 0, 0);     /* surrogate */
    reads("\xF4\x90\x80\x80", 4, 0, 0); /* above U+10FFFF */
    reads("\xE6\x88Z", 3, 0, 0);
    reads("\xFF", 1, 0, 0);
}

static void decodes64(const char *in, const char *expected)
{
    struct buf out = {0};
    struct err err;
    int status = base64_decode(str_of(in), &out, &err);
    if (expected)
        ok(!status && str_is(buf_str(&out), expected), "base64_decode() decodes '%s'", in);
    else
        ok(status == -1, "base64_decode() rejects '%s'", in);
    buf_reset(&out);
    if (expected) {
        base64_encode(str_of(expected), &out);
        ok(str_is(buf_str(&out), in), "base64_encode() encodes '%s'", expected);
    }
    buf_free(&out);
}

static void test_base64(void)
{
    /* RFC 4648, section 10 */
    decodes64("", "");
    decodes64("Zg==", "f");
    decodes64("Zm8=", "fo");
    decodes64("Zm9v", "foo");
    decodes64("Zm9vYg==", "foob");
    decodes64("Zm9vYmE=", "fooba");
    decodes64("Zm9vYmFy", "foobar");
    decodes64("5oiR", "我");
    decodes64("Zg=", NULL);
    decodes64("Zg", NULL);
    decodes64("Z", NULL);
    decodes64("====", NULL);
    decodes64("Zg==Zg==", NULL);
    decodes64("Zm9v ", NULL);
    decodes64("Zm-v", NULL);
}

static void test_http_statuses(void)
{
    for (size_t i = 1; i < HTTP_STATUSES; i++)
        ok(http_statuses[i - 1].code < http_statuses[i].code, "status %d comes after %d",
           http_statuses[i].code, http_statuses[i - 1].code);
    for (size_t i = 0; i < HTTP_STATUSES; i++)
        ok(http_status_index(http_statuses[i].code) == i, "status %d has row %zu",
           http_statuses[i].code, i);
    is_text(http_status_reason(302), "Found", "the reason phrase of 302");
    is_text(http_status_reason(413), "Content Too Large", "the reason phrase of 413");
    is_text(http_status_reason(299), "", "a status without a row has no reason phrase");
    ok(http_status_index(299) == HTTP_STATUSES, "a status without a row is behind the last row");
}

static void trims(const char *text, const char *set, const char *expected)
{
    ok(str_is(str_trim(str_of(text), set), expected), "str_trim() makes '%s' of '%s'", expected,
       text);
}

static void test_str(void)
{
    trims(" \t a b\t ", STR_BLANKS, "a b");
    trims("a", STR_BLANKS, "a");
    trims(" ", STR_BLANKS, "");
    trims("", STR_BLANKS, "");
    trims("\ra\n", STR_BLANKS, "\ra\n");
    trims("\r\v a\f\n", STR_SPACES, "a");
    ok(str_trim((struct str){" \0", 2}, STR_SPACES).len == 1, "str_trim() keeps a NUL");
    ok(str_is_nocase(str_of("uTf-8"), "Utf-8"), "str_is_nocase() ignores the case of letters");
    ok(!str_is_nocase(str_of("utf-8x"), "utf-8"), "str_is_nocase() compares the length");
    ok(!str_is_nocase(str_of("["), "{"), "str_is_nocase() distinguishes other characters");
    ok(str_is_nocase((struct str){NULL, 0}, ""), "str_is_nocase() takes an empty run");
    struct str rest = str_of("a,,b");
    ok(str_is(str_cut(&rest, ','), "a") && str_is(rest, ",b"), "str_cut() removes the separator");
    ok(str_is(str_cut(&rest, ','), "") && str_is(rest, "b"), "str_cut() returns an empty part");
    ok(str_is(str_cut(&rest, ','), "b") && rest.len == 0, "str_cut() returns the last part");
    rest = (struct str){NULL, 0};
    ok(str_cut(&rest, ',').len == 0, "str_cut() takes an empty run");
}

static void reads_decimal(const char *text, uint64_t expected)
{
    uint64_t value = 0;
    ok(decimal_read(str_of(text), &value) && value == expected, "decimal_read() reads '%s'", text);
}

static void test_decimal(void)
{
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "1.5"};
    uint64_t value = 7;
    unsigned number = 7;
    struct err err;
    reads_decimal("0", 0);
    reads_decimal("007", 7);
    reads_decimal("18446744073709551614", UINT64_MAX - 1);
    reads_decimal("18446744073709551615", UINT64_MAX);
    reads_decimal("18446744073709551616", UINT64_MAX);
    reads_decimal("99999999999999999999999", UINT64_MAX);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!decimal_read(str_of(bad[i]), &value) && value == 7, "decimal_read() rejects '%s'",
           bad[i]);
    ok(!decimal_read_range(str_of("2"), 3, 5, &number) &&
           !decimal_read_range(str_of("6"), 3, 5, &number) && number == 7,
       "decimal_read_range() rejects numbers outside its range");
    ok(decimal_read_range(str_of("3"), 3, 5, &number) && number == 3,
       "decimal_read_range() takes the smallest number");
    ok(decimal_read_range(str_of("5"), 3, 5, &number) && number == 5,
       "decimal_read_range() takes the largest number");
    ok(!decimal_parse("--n", "4", 3, 5, &number, &err) && number == 4,
       "decimal_parse() sets the number");
    ok(decimal_parse("--n", "6", 3, 5, &number, &err) == -1,
       "decimal_parse() fails for a number outside its range");
    is_text(err.text, "invalid --n '6': use a whole number from 3 to 5",
            "decimal_parse() names the setting and its range");
}

/* Compare a time of each day up to 2400, each a second earlier in its day, with that of gmtime_r(). */
static void test_rfc3339(void)
{
    int wrong = 0, tried = 0;
    for (time_t at = 0; at < 13569465600; at += 86399, tried++) {
        char text[RFC3339_SIZE], expected[64];
        struct tm tm;
        gmtime_r(&at, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.042Z", &tm);
        rfc3339_print((struct timespec){.tv_sec = at, .tv_nsec = 42999999}, text);
        wrong += strcmp(text, expected) != 0;
    }
    ok(tried > 150000 && wrong == 0, "rfc3339_print() writes the times of each day to 2400");
}

int main(void)
{
    tap_plan(123 + 2 * HTTP_STATUSES);
    test_http_statuses();
    test_err();
    test_buf();
    test_url_decode();
    test_url_query();
    test_utf8();
    test_base64();
    test_str();
    test_decimal();
    test_rfc3339();
    return tap_done();
}
