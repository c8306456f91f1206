/*
 * tap: the Test Anything Protocol, for unit tests in C. Call ok() and is_text() as often as you
 * like, and end main() with `return tap_done();`.
 */
#ifndef T_TAP_H
#define T_TAP_H

#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

#define ok(condition, ...) tap_ok((condition) != 0, __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 4, 5))) static inline int tap_ok(int good, const char *file, int line,
                                                               const char *format, ...)
{
    __builtin_va_list args;
    printf("%sok %d - ", good ? "" : "not ", ++tap_run);
    __builtin_va_start(args, format);
    vprintf(format, args);
    __builtin_va_end(args);
    printf("\n");
    if (!good) {
        tap_failed++;
        printf("# failed at %s:%d\n", file, line);
    }
    return good;
}

static inline int is_text(const char *got, const char *expected, const char *name)
{
    int good = strcmp(got, expected) == 0;
    tap_ok(good, __FILE__, __LINE__, "%s", name);
    if (!good)
        printf("#      got: %s\n# expected: %s\n", got, expected);
    return good;
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_run);
    return tap_failed != 0;
}

#endif
