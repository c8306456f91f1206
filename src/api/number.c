#include "api/number.h"

#include "util/utf8.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes of the longest number that is copied to the stack; a longer one is copied to the heap. */
#define SHORT_NUMBER 128

/* Significant digits that distinguish any double from its neighbours: two more than DBL_DIG. */
#define MAX_DIGITS 17

/* The zeros of the decimal digits outside ASCII; the digits one to nine follow each. This is the
 * general category Nd of Unicode 15.1.0, the version in unicodedata of Python 3.13. */
static const uint32_t zeros[] = {
    0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,  0x0C66,
    0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,  0x1810,
    0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
    0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
    0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
};

/* Return whether a code point outside ASCII is white space to str.isspace(). */
static bool is_wide_space(uint32_t code)
{
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* Map a code point to ASCII: to itself, a digit, a space, or '?' if it cannot be in a number. */
static char to_ascii(uint32_t code)
{
    if (code < 0x80)
        return (char)code;
    if (is_wide_space(code))
        return ' ';
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (code - zeros[i] < 10)
            return (char)('0' + (code - zeros[i]));
    }
    return '?';
}

/* Copy `text` as ASCII to `to`, which has room for text.len bytes. Returns the end of the copy, or
 * NULL where the text is not UTF-8. */
static char *copy_ascii(struct str text, char *to)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        size_t len = utf8_read(text.at + i, text.len - i, &code);
        if (len == 0)
            return NULL;
        *to++ = to_ascii(code);
        i += len;
    }
    return to;
}

/* Return whether float() strips a character. It does not strip U+001C to U+001F. */
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Skip digits with single underscores between them. Returns the end of them, or `at` if there are
 * none. */
static const char *skip_digits(const char *at)
{
    if (!is_digit(*at))
        return at;
    while (is_digit(*at) || (*at == '_' && is_digit(at[1])))
        at++;
    return at;
}

/* Skip a number in the grammar of float(). The text ends with NUL. Returns the end of the number, or
 * `at` if there is none. */
static const char *skip_number(const char *at)
{
    const char *begin = at;
    at += *at == '+' || *at == '-';
    const char *digits = at;
    at = skip_digits(at);
    bool any = at > digits;
    if (*at == '.') {
        digits = ++at;
        at = skip_digits(at);
        any |= at > digits;
    }
    if (any && (*at == 'e' || *at == 'E')) {
        at++;
        at += *at == '+' || *at == '-';
        digits = at;
        at = skip_digits(at);
        any = at > digits;
    }
    return any ? at : begin;
}

static void remove_underscores(char *text)
{
    char *to = text;
    for (; *text; text++) {
        if (*text != '_')
            *to++ = *text;
    }
    *to = '\0';
}

/* Read a number; `copy` is scratch memory of text.len + 1 bytes. Returns false where the text is not
 * a number, or too large. */
static bool parse_copy(struct str text, char *copy, double *value)
{
    char *end = copy_ascii(text, copy);
    if (!end)
        return false;
    while (end > copy && is_space(end[-1]))
        end--;
    *end = '\0';
    while (is_space(*copy))
        copy++;
    if (skip_number(copy) != end || end == copy)
        return false;
    remove_underscores(copy);
    *value = strtod(copy, NULL); /* the programs stay in the C locale, where the point is '.' */
    return isfinite(*value);
}

int number_parse(struct str text, double *value, struct err *err)
{
    char local[SHORT_NUMBER + 1];
    char *copy = text.len <= SHORT_NUMBER ? local : malloc(text.len + 1);
    if (!copy)
        return err_set(err, "out of memory for a number of %zu bytes", text.len);
    bool good = parse_copy(text, copy, value);
    if (copy != local)
        free(copy);
    return good ? 0 : 1;
}

/*
 * Make `text`, which is D.DDDe+XX, read back as `value`. Returns false where it cannot. If the text
 * does not read back as it is, its last digit is increased by one: a power of two is nearer to its
 * lower neighbour than to its upper one, so the decimal just above it may read back although the
 * nearest decimal does not.
 */
static bool make_read_back(char *text, double value)
{
    int exponent;
    if (strtod(text, NULL) == value)
        return true;
    if (frexp(value, &exponent) != 0.5)
        return false;
    for (char *at = strchr(text, 'e') - 1; at >= text; at--) {
        if (*at == '9') {
            *at = '0';
        } else if (*at != '.') {
            ++*at;
            break;
        }
    }
    return strtod(text, NULL) == value;
}

/* A decimal that is not negative: 0.DDD times ten to the power of `point`. */
struct decimal {
    char digits[MAX_DIGITS]; /* The digits without trailing zeros; "0" for the number 0. */
    int n, point;
};

/* Find the shortest decimal that reads back as `value`, which is not negative. */
static struct decimal shortest_decimal(double value)
{
    char text[MAX_DIGITS + 16];
    int n = value < DBL_MIN ? 1 : DBL_DIG; /* doubles below DBL_MIN are less precise */
    do
        snprintf(text, sizeof text, "%.*e", n - 1, value);
    while (!make_read_back(text, value) && n++ < MAX_DIGITS);
    struct decimal decimal = {0};
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (is_digit(*at))
            decimal.digits[decimal.n++] = *at;
    }
    decimal.point = atoi(at + 1) + 1;
    while (decimal.n > 1 && decimal.digits[decimal.n - 1] == '0')
        decimal.n--;
    return decimal;
}

static void add_zeros(struct buf *out, int n)
{
    while (n-- > 0)
        buf_add_char(out, '0');
}

/* Append digits number `begin` to `end` - 1. */
static void add_digits(struct buf *out, const struct decimal *decimal, int begin, int end)
{
    buf_add(out, decimal->digits + begin, (size_t)(end - begin));
}

static void print_exponential(struct buf *out, const struct decimal *decimal)
{
    add_digits(out, decimal, 0, 1);
    if (decimal->n > 1) {
        buf_add_char(out, '.');
        add_digits(out, decimal, 1, decimal->n);
    }
    buf_print(out, "e%+03d", decimal->point - 1);
}

static void print_fixed(struct buf *out, const struct decimal *decimal)
{
    if (decimal->point <= 0) {
        buf_add_text(out, "0.");
        add_zeros(out, -decimal->point);
        add_digits(out, decimal, 0, decimal->n);
    } else if (decimal->point < decimal->n) {
        add_digits(out, decimal, 0, decimal->point);
        buf_add_char(out, '.');
        add_digits(out, decimal, decimal->point, decimal->n);
    } else {
        add_digits(out, decimal, 0, decimal->n);
        add_zeros(out, decimal->point - decimal->n);
        buf_add_text(out, ".0");
    }
}

void number_print(struct buf *out, double value)
{
    struct decimal decimal = shortest_decimal(fabs(value));
    if (signbit(value))
        buf_add_char(out, '-');
    if (decimal.point <= -4 || decimal.point > 16)
        print_exponential(out, &decimal);
    else
        print_fixed(out, &decimal);
}
