/*
 * tap: the Test Anything Protocol, for unit tests in C. Begin main() with tap_plan(N), where N is the number of results, call
 * ok() and is_text() N times, and end main() with `return tap_done();`.
 */
#ifndef T_TAP_H
#define T_TAP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_planned = -1, tap_run, tap_failed;

#define ok(condition, ...) tap_ok((condition) != 0, __FILE__, __LINE__, __VA_ARGS__)

/* Declare the number of results. A test that ends early, or that prints more or fewer results, fails. */
static inline void tap_plan(int n)
{
    if (tap_planned >= 0 || tap_run) {
        printf("# call tap_plan() once, before the first result\n");
        exit(1);
    }
    tap_planned = n;
    printf("1..%d\n", n);
}

/* Print one result, named by a printf format. Returns `good`. */
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
        fprintf(stderr, "# failed at %s:%d\n", file, line);
    }
    return good;
}

/* Print whether two texts are equal, and both of them where they are not. Returns whether they are equal. */
static inline int is_text(const char *got, const char *expected, const char *name)
{
    int good = strcmp(got, expected) == 0;
    tap_ok(good, __FILE__, __LINE__, "%s", name);
    if (!good)
        fprintf(stderr, "#      got: %s\n# expected: %s\n", got, expected);
    return good;
}

/* Print `n` results that pass because this machine or this build cannot run them. */
static inline void tap_skip(int n, const char *reason)
{
    for (int i = 0; i < n; i++)
        printf("ok %d # SKIP %s\n", ++tap_run, reason);
}

/* End a test that cannot run any further: one failed result, and exit status 1. Other tests still run. */
#define tap_give_up(...)                                                                           \
    do {                                                                                           \
        ok(0, __VA_ARGS__);                                                                        \
        exit(1);                                                                                   \
    } while (0)

/* End the test. Returns the exit status: 1 where a result failed, where no plan was declared, or where the number of results
 * is not the planned one. */
static inline int tap_done(void)
{
    if (tap_planned < 0)
        printf("# no plan: call tap_plan(N) with the number of results before the first one\n");
    else if (tap_run != tap_planned)
        printf("# planned %d results but printed %d\n", tap_planned, tap_run);
    return tap_failed != 0 || tap_run != tap_planned;
}

#endif
