#include "doctor/report.h"

#include <stdarg.h>
#include <stdio.h>

void report_line(struct report *report, enum report_level level, const char *check,
                 const char *format, ...)
{
    static const char *const names[] = {[REPORT_OK] = "ok",
                                        [REPORT_SKIPPED] = "skipped",
                                        [REPORT_WARN] = "warn",
                                        [REPORT_FAIL] = "fail"};
    va_list arguments;
    printf("%-8s%-20s", names[level], check);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    report->n[level]++;
}
