/*
 * report: prints the results of `serverful doctor`, one line for each check.
 */
#ifndef DOCTOR_REPORT_H
#define DOCTOR_REPORT_H

enum report_level {
    REPORT_OK,
    REPORT_SKIPPED, /* The object of the check does not exist, or is not visible to this user. */
    REPORT_WARN,    /* The installation works, but not as well as it should. */
    REPORT_FAIL,    /* The installation does not work, or will stop working. */
    REPORT_LEVELS
};

struct report {
    unsigned n[REPORT_LEVELS]; /* The number of lines of each level so far. */
};

/* Print a line, printf style: the result of `check`, and for a warning or failure what to do. */
void report_line(struct report *report, enum report_level level, const char *check,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
