/* unit_util: buf, url, utf8, base64. */
#include "t/tap.h"

#include "util/base64.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/http_status.h"
#include "util/url.h"
#include "util/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static void test_err(void)
{
    struct err err;
    ok(err_set(&err, "%d is %s", 3, "odd") == -1, "err_set returns -1");
    is_text(err.text, "3 is odd", "and keeps the text");
    errno = ENOENT;
    err_errno(&err, "no %s", "file");
    is_text(err.text, "no file: No such file or directory", "err_errno adds the reason");
    char long_text[2000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    err_errno(&err, "%s", long_text);
    ok(strlen(err.text) == sizeof err.text - 1, "a long text is cut");
}

static void test_buf(void)
{
    struct buf buf = {0};
    for (int i = 0; i < 1000; i++)
        buf_print(&buf, "%d,", i);
    ok(buf.len == 3890 && !buf.failed, "1,000 additions grow the buf");
    ok(!memcmp(buf.at + buf.len - 8, "998,999,", 8), "and keep their order");
    const char *before = buf.at;
    buf_reset(&buf);
    buf_add_text(&buf, "again");
    ok(buf.at == before && str_is(buf_str(&buf), "again"), "a reset keeps the memory");
    ok(!buf_reserve(&buf, SIZE_MAX - 2) && buf.failed, "an impossible size fails");
    buf_add_char(&buf, '!');
    ok(buf.len == 5, "after a failure nothing is added");
    buf_reset(&buf);
    ok(!buf.failed, "a reset forgets the failure");
    buf_free(&buf);
    ok(str_is(buf_str(&buf), ""), "a freed buf is empty");
}

static void decodes(const char *in, bool plus, const char *expected)
{
    struct buf out = {0};
    struct err err;
    int status = url_decode(str_of(in), plus, &out, &err);
    if (expected)
        ok(!status && str_is(buf_str(&out), expected), "'%s' decodes", in);
    else
        ok(status == -1, "'%s' is refused", in);
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
    ok(!url_parse_query(&params, str_of("a=1&b=%32&&a=3&c&=x&d=e=f"), &err), "a query is parsed");
    ok(params.n == 6, "into six parameters");
    ok(str_is(*url_param(&params, "a"), "3"), "the last of a name counts");
    ok(str_is(*url_param(&params, "b"), "2"), "values are decoded");
    ok(str_is(*url_param(&params, "c"), ""), "a name alone has an empty value");
    ok(str_is(*url_param(&params, "d"), "e=f"), "the first = splits");
    ok(str_is(*url_param(&params, ""), "x"), "a name can be empty");
    ok(!url_param(&params, "z"), "a name that is not there gives NULL");
    url_params_reset(&params);
    ok(!url_param(&params, "a"), "a reset forgets the parameters");
    char many[2 * (URL_MAX_PARAMS + 1) + 1] = "";
    for (int i = 0; i <= URL_MAX_PARAMS; i++)
        memcpy(many + 2 * i, "a&", 3);
    ok(url_parse_query(&params, str_of(many), &err) == -1, "too many parameters are refused");
    is_text(err.text, "Too many parameters (the limit is 1000)", "with the limit");
    url_params_free(&params);
}

static void reads(const char *bytes, size_t len, size_t expected, uint32_t code)
{
    uint32_t got = 0;
    char *copy = malloc(len); /* exactly this long, so that ASan sees a byte too many */
    memcpy(copy, bytes, len);
    size_t n = utf8_read(copy, len, &got);
    ok(n == expected && (!n || got == code), "utf8: %zu bytes, first %02x: %zu", len,
       (unsigned char)bytes[0], expected);
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
        ok(!status && str_is(buf_str(&out), expected), "base64 '%s' decodes", in);
    else
        ok(status == -1, "base64 '%s' is refused", in);
    buf_reset(&out);
    if (expected) {
        base64_encode(str_of(expected), &out);
        ok(str_is(buf_str(&out), in), "and it is what '%s' encodes to", expected);
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

int main(void)
{
    test_http_statuses();
    test_err();
    test_buf();
    test_url_decode();
    test_url_query();
    test_utf8();
    test_base64();
    return tap_done();
}
