/* Reading and writing numbers: the cases to know. t/number.t compares many more with Python. */
#include "api/number.h"

#include "tap.h"

#include <math.h>

static void reads(const char *text, double expected)
{
    struct err err;
    double value = 0;
    int status = number_parse(str_of(text), &value, &err);
    ok(status == 0 && value == expected && !signbit(value) == !signbit(expected),
       "number_parse reads '%s' as %g", text, expected);
}

static void refuses(struct str text, const char *what)
{
    struct err err;
    double value;
    ok(number_parse(text, &value, &err) == 1, "number_parse refuses %s", what);
}

static void prints(double value, const char *expected)
{
    struct buf out = {0};
    number_print(&out, value);
    buf_add_char(&out, '\0');
    is_text(out.at, expected, "number_print writes as repr()");
    buf_free(&out);
}

static void test_read(void)
{
    reads("3.5", 3.5);
    reads(" \t-1_000.5e-1\f", -100.05);
    reads("+.5", 0.5);
    reads("5.", 5);
    reads("-0", -0.0);
    reads("\u3000１２３\u00a0", 123);
    reads("1.7976931348623157e308", 1.7976931348623157e308);
    reads("1e-400", 0);
    reads("9007199254740993", 9007199254740992);
}

static void test_refuse(void)
{
    static const char *const texts[] = {"",    " ",    "+",    ".",     "e5",     "1e",
                                        "1 2", "nan",  "inf",  "1e400", "0x10",   "_1",
                                        "1_",  "1__0", "1_.5", "--1",   "１．５", "\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuses(str_of(texts[i]), texts[i][0] == '\xff' ? "a byte that is not UTF-8" : texts[i]);
    refuses((struct str){"1\0", 2}, "1 and a NUL");
}

/* A number of more than 128 bytes is copied to the heap. */
static void test_long(size_t zeros)
{
    struct err err;
    struct buf text = {0};
    double value = 0;
    for (size_t i = 0; i < zeros; i++)
        buf_add_char(&text, '0');
    buf_add_text(&text, "42");
    ok(number_parse(buf_str(&text), &value, &err) == 0 && value == 42,
       "number_parse reads %zu zeros and 42", zeros);
    buf_free(&text);
}

static void test_print(void)
{
    prints(3.5, "3.5");
    prints(8, "8.0");
    prints(-0.0, "-0.0");
    prints(0.1 + 0.2, "0.30000000000000004");
    prints(1e15, "1000000000000000.0");
    prints(1e16, "1e+16");
    prints(-1.25e100, "-1.25e+100");
    prints(0.0001, "0.0001");
    prints(0.00001, "1e-05");
    prints(5e-324, "5e-324");
    prints(0x1p-44, "5.684341886080802e-14");
    prints(9007199254740992, "9007199254740992.0");
}

int main(void)
{
    tap_plan(43);
    test_read();
    test_refuse();
    test_long(126);
    test_long(127);
    test_long(100000);
    test_print();
    return tap_done();
}
