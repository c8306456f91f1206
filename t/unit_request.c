/* What the API reads of a request: media types, languages, and misspelt names. */
#include "api/language.h"
#include "api/media_type.h"
#include "api/misspelt.h"

#include "tap.h"

static void test_media_types(void)
{
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"text/plain", true},
        {"Text/PLAIN", true},
        {" text/plain ; Charset=UTF-8 ", true},
        {"text/plain;charset=\"utf-8\"", true},
        {"text/plain; format=flowed; charset=us-ascii", true},
        {"text/plain;", true},
        {"text/plain; x=\"; charset=gbk\"", true},
        {"text/plain; x=\"\\\"; charset=gbk\"", true},
        {"text/plain; charset=UTF8", true},
        {"text/plain; charset=\"utf8\"", true},
        {"text/plain; charset=utf", false},
        {"text/plain; charset='utf-8'", false},
        {"text/plain; charset=\"", false},
        {"text/plain; charset", false},
        {"text/plain; charset=", false},
        {"text/plain; charset=gbk", false},
        {"text/plain; charset=utf-8; charset=gbk", false},
        {"text/plain; x=\"a\"; charset=gbk", false},
        {"text/plain; charset=\"utf-8", false},
        {"text/html", false},
        {"text/plainer", false},
        {"text", false},
        {"text/plain, text/plain", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(media_type_is(str_of(rows[i].header), "text/plain") == rows[i].is, "'%s' is %s",
           rows[i].header, rows[i].is ? "text/plain" : "not text/plain in UTF-8");
}

static void test_languages(void)
{
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"", false},
        {"zh", true},
        {"ZH-cn", true},
        {"zh-Hans-CN, en", true},
        {"zh-TW;q=0.1", true},
        {"en, zh", false},
        {"zh, en", true},
        {"en;q=0.8, zh;q=0.9", true},
        {"zh;q=0.8,en-GB;q=0.9", false},
        {" zh-CN , zh ; q=0.9 , en ; Q=0.8", true},
        {"fr, zh;q=0.5, en;q=0.4", true},
        {"fr, de", false},
        {"*", false},
        {"*, zh", true},
        {"zh;q=0.5, *", false},
        {"zh, *;q=0.5", true},
        {"zh;q=0.5, *, en;q=0.1", true},
        {"zh;q=0", false},
        {"zh;q=0.000, en;q=0", false},
        {"zh;q=0.001", true},
        {"zh;q=1.001", false},
        {"zh;q=2", false},
        {"zh;q=", false},
        {"zh;q=0.x", false},
        {"zh;q=0.0001", false},
        {"zh ; Q = 0.5", true},
        {"zh;q=1.0", true},
        {"zh;q=1.1", false},
        {"zh;q=0.5;x=1, en;q=0.4", true},
        {"zha, en", false},
        {"z", false},
        {",,;,zh,;q=1", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(language_is_chinese(str_of(rows[i].header)) == rows[i].is, "'%s' prefers %s",
           rows[i].header, rows[i].is ? "Chinese" : "English");
}

static void test_misspelt(void)
{
    static const struct {
        const char *given, *wanted;
        bool is;
    } rows[] = {
        {"txt", "text", true},
        {"texts", "text", true},
        {"TEXT", "text", true},
        {"te", "text", true},
        {"t", "text", false},
        {"text", "text", false},
        {"top", "text", false},
        {"num_1", "num1", true},
        {"number1", "num1", false},
        {"op", "operator", true},
        {"oprator", "operator", true},
        {"operation", "operator", true},
        {"opration", "operator", false},
        {"", "text", false},
        {"texttexttexttexttexttexttext", "text", false},
        {"txet", "text", true},
        {"opertaor", "operator", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(misspelt_is(str_of(rows[i].given), rows[i].wanted) == rows[i].is, "'%s' is %s for '%s'",
           rows[i].given, rows[i].is ? "taken" : "not taken", rows[i].wanted);
}

static void test_slips(void)
{
    static const struct {
        const char *given, *wanted;
        bool is;
    } rows[] = {
        {"HMM", "hmm", true},
        {"Pos", "pos", true},
        {"modes", "mode", true},
        {"moed", "mode", true},
        {"topK", "top", true},
        {"allowPOS", "allow_pos", true},
        {"allow-pos", "allow_pos", true},
        {"_mode_", "mode", true},
        {"offset", "offsets", true},
        {"offsest", "offsets", true},
        {"explian", "explain", true},
        {"metod", "method", true},
        {"mode", "mode", false},
        {"code", "mode", false},
        {"mod", "mode", false},
        {"off", "offsets", false},
        {"ofsett", "offsets", false},
        {"p", "pos", false},
        {"post", "pos", true},
        {"most", "pos", false},
        {"abcd", "badc", false},
        {"m__", "mo", false},
        {"", "mode", false},
        {"modemodemodemodemodemodemode", "mode", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(misspelt_is_slip(str_of(rows[i].given), rows[i].wanted) == rows[i].is, "'%s' is %s '%s'",
           rows[i].given, rows[i].is ? "a slip for" : "no slip for", rows[i].wanted);
}

int main(void)
{
    tap_plan(97);
    test_media_types();
    test_languages();
    test_misspelt();
    test_slips();
    return tap_done();
}
