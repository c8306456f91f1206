/*
 * report: what `serverful doctor` says: one line a check.
 */
#ifndef DOCTOR_REPORT_H
#define DOCTOR_REPORT_H

enum report_level {
    REPORT_OK,
    REPORT_SKIPPED, /* what it is about is not there, or not to be seen */
    REPORT_WARN,    /* it works, but not as it should */
    REPORT_FAIL,    /* it does not work, or not for long */
    REPORT_LEVELS
};

struct report {
    unsigned n[REPORT_LEVELS]; /* lines so far */
};

/* Print a line: what was found, and for a warning or a failure what to do, printf style. */
void report_line(struct report *report, enum report_level level, const char *check,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
