#include "doctor/data.h"
#include "doctor/doctor.h"
#include "doctor/elf.h"
#include "doctor/package.h"
#include "util/aws_limits.h"
#include "util/decimal.h"
#include "util/file.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_bootstrap(struct report *report, const char *path)
{
    struct buf head = {0};
    struct err err;
    FILE *file = fopen(path, "re");
    if (!file) {
        report_line(report, REPORT_SKIPPED, "bootstrap", "there is no %s", path);
        return;
    }
    if (buf_reserve(&head, ELF_HEAD))
        head.len = fread(head.at, 1, ELF_HEAD, file);
    fclose(file);
    const char *machine = elf_check(buf_str(&head), &err);
    buf_free(&head);
    if (!machine)
        report_line(report, REPORT_FAIL, "bootstrap", "%s %s", path, err.text);
    else if (access(path, X_OK))
        report_line(report, REPORT_FAIL, "bootstrap", "%s is not executable: chmod +x %s", path,
                    path);
    else
        report_line(report, REPORT_OK, "bootstrap", "%s is static, for %s", path, machine);
}

/* Check that the zip has the entry at its top level, with `rights` for every user, since Lambda runs
 * functions as a user of its own. Returns false after a line where it has not. */
static bool check_entry(struct report *report, const char *check, const char *path,
                        const char *name, const struct package_entry *entry, unsigned rights)
{
    if (!entry->found && *entry->other)
        report_line(report, REPORT_FAIL, check,
                    "%s has %s, but %s must not be in a directory: run zip in that directory", path,
                    entry->other, name);
    else if (!entry->found)
        report_line(report, REPORT_FAIL, check, "%s has no %s: run 'make lambda'", path, name);
    else if (!S_ISREG(entry->mode) || (entry->mode & rights) != rights)
        report_line(report, REPORT_FAIL, check,
                    "%s has %s with the mode %04o, but every user must be able to %s it: chmod "
                    "a+r%s before you zip it, on a Unix system",
                    path, name, entry->mode & 07777, rights & 1 ? "run" : "read",
                    rights & 1 ? "x" : "");
    else
        return true;
    return false;
}

/* Check the bootstrap that was read from the zip at `path`. */
static void check_packed_bootstrap(struct report *report, const char *check, const char *path,
                                   struct str program, const char *processor)
{
    struct err err;
    const char *machine = elf_check(program, &err);
    if (!machine)
        report_line(report, REPORT_FAIL, check, "bootstrap in %s %s", path, err.text);
    else if (strcmp(machine, processor) != 0)
        report_line(report, REPORT_FAIL, check, "bootstrap in %s is for %s: run 'make lambda'",
                    path, machine);
    else
        report_line(report, REPORT_OK, check, "%s has bootstrap, static, for %s", path, machine);
}

/* Check the function's package for a processor. */
static void check_function(struct report *report, const char *directory, const char *processor)
{
    char path[4096], check[64];
    struct package_entry entry;
    struct err err;
    snprintf(path, sizeof path, "%s/%s/function.zip", directory, processor);
    snprintf(check, sizeof check, "%s function", processor);
    if (access(path, F_OK)) {
        report_line(report, REPORT_SKIPPED, check, "there is no %s: run 'make lambda'", path);
        return;
    }
    if (package_read(path, "bootstrap", ELF_HEAD, &entry, &err))
        report_line(report, REPORT_FAIL, check, "%s", err.text);
    else if (check_entry(report, check, path, "bootstrap", &entry, 0555))
        check_packed_bootstrap(report, check, path, buf_str(&entry.content), processor);
    buf_free(&entry.content);
}

/* Whether the bytes are a valid snapshot. */
static bool is_snapshot(struct str content)
{
    char path[64];
    struct snapshot_revisions revisions;
    struct err err;
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool valid = !file_write_all(fd, content) && !data_check_snapshot(path, &revisions, &err);
    close(fd);
    return valid;
}

/* Check the package of the layer, which Lambda unpacks to /opt. */
static void check_layer(struct report *report, const char *directory)
{
    static const char name[] = "serverful.snapshot";
    char path[4096];
    struct package_entry entry;
    struct err err;
    snprintf(path, sizeof path, "%s/layer.zip", directory);
    if (access(path, F_OK)) {
        report_line(report, REPORT_SKIPPED, "layer", "there is no %s: run 'make lambda'", path);
        return;
    }
    if (package_read(path, name, AWS_MAX_UNZIPPED, &entry, &err)) {
        report_line(report, REPORT_FAIL, "layer", "%s", err.text);
    } else if (check_entry(report, "layer", path, name, &entry, 0444)) {
        if (entry.size > AWS_MAX_UNZIPPED)
            report_line(report, REPORT_FAIL, "layer",
                        "%s in %s is too large (%" PRIu64 " bytes): Lambda takes at most %d bytes, "
                        "unzipped, of function and layers together",
                        name, path, entry.size, AWS_MAX_UNZIPPED);
        else if (is_snapshot(buf_str(&entry.content)))
            report_line(report, REPORT_OK, "layer", "%s has a valid snapshot for /opt/%s", path,
                        name);
        else
            report_line(report, REPORT_FAIL, "layer",
                        "%s in %s is damaged, or of another version of this program: run 'make "
                        "lambda'",
                        name, path);
    }
    buf_free(&entry.content);
}

/* The time-out that a line like "Timeout: 5" sets, or 0. */
static unsigned parse_timeout(const char *line)
{
    unsigned s = 0;
    struct str value = str_of(line), name = str_cut(&value, ':');
    if (str_is(str_trim(name, STR_SPACES), "Timeout"))
        decimal_read_range(str_trim(str_cut(&value, '#'), STR_SPACES), 1, UINT_MAX, &s);
    return s;
}

/* The longest time-out in a template; 0 if there is none. */
static unsigned read_timeout(FILE *template)
{
    char line[1024];
    unsigned longest = 0;
    while (fgets(line, sizeof line, template)) {
        unsigned s = parse_timeout(line);
        longest = s > longest ? s : longest;
    }
    return longest;
}

/* Check that the function times out before API Gateway does, so that its log shows why. */
static void check_timeout(struct report *report, const char *path)
{
    static const char check[] = "function time-out";
    FILE *template = fopen(path, "re");
    if (!template) {
        report_line(report, REPORT_SKIPPED, check, "there is no %s", path);
        return;
    }
    unsigned s = read_timeout(template);
    fclose(template);
    if (s == 0)
        report_line(report, REPORT_WARN, check,
                    "%s sets no time-out, so that it is %d s: add Timeout", path,
                    AWS_DEFAULT_TIMEOUT_S);
    else if (s < AWS_HTTP_API_TIMEOUT_S)
        report_line(report, REPORT_OK, check, "a function may take %u s, API Gateway waits %d s", s,
                    AWS_HTTP_API_TIMEOUT_S);
    else
        report_line(report, REPORT_FAIL, check,
                    "a function may take %u s, API Gateway waits only %d s: lower Timeout in %s", s,
                    AWS_HTTP_API_TIMEOUT_S, path);
}

void doctor_check_lambda(struct report *report, const struct doctor_paths *paths)
{
    check_bootstrap(report, paths->bootstrap);
    check_function(report, paths->packages, "arm64");
    check_function(report, paths->packages, "x86_64");
    check_layer(report, paths->packages);
    check_timeout(report, paths->template);
}
