#include "doctor/data.h"
#include "doctor/doctor.h"
#include "doctor/elf.h"
#include "doctor/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define GATEWAY_S    30 /* what API Gateway waits for a function */
#define MAX_SNAPSHOT (256 * 1024 * 1024)

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
        report_line(report, REPORT_FAIL, "bootstrap", "%s is not executable: chmod +x", path);
    else
        report_line(report, REPORT_OK, "bootstrap", "%s is static, for %s", path, machine);
}

/* Whether the zip has the entry at its top, readable for the user that Lambda runs functions as. */
static bool check_entry(struct report *report, const char *check, const char *path,
                        const char *name, const struct package_entry *entry, unsigned rights)
{
    if (!entry->found && *entry->other)
        report_line(report, REPORT_FAIL, check,
                    "%s has %s, and %s must not be in a directory: zip it from within", path,
                    entry->other, name);
    else if (!entry->found)
        report_line(report, REPORT_FAIL, check, "%s has no %s: 'make lambda' makes it anew", path,
                    name);
    else if (!S_ISREG(entry->mode) || (entry->mode & rights) != rights)
        report_line(report, REPORT_FAIL, check,
                    "%s has %s with the mode %04o; all must be able to %s it: chmod a+r%s before "
                    "it is zipped, on a Unix",
                    path, name, entry->mode & 07777, rights & 1 ? "run" : "read",
                    rights & 1 ? "x" : "");
    else
        return true;
    return false;
}

/* The package of the function for a processor. */
static void check_function(struct report *report, const char *directory, const char *processor)
{
    char path[4096], check[64];
    struct package_entry entry;
    struct err err;
    snprintf(path, sizeof path, "%s/%s/function.zip", directory, processor);
    snprintf(check, sizeof check, "%s function", processor);
    if (access(path, F_OK)) {
        report_line(report, REPORT_SKIPPED, check, "there is no %s: 'make lambda' makes it", path);
        return;
    }
    if (package_read(path, "bootstrap", ELF_HEAD, &entry, &err)) {
        report_line(report, REPORT_FAIL, check, "%s", err.text);
    } else if (check_entry(report, check, path, "bootstrap", &entry, 0555)) {
        const char *machine = elf_check(buf_str(&entry.content), &err);
        if (!machine)
            report_line(report, REPORT_FAIL, check, "bootstrap in %s %s", path, err.text);
        else if (strcmp(machine, processor) != 0)
            report_line(report, REPORT_FAIL, check, "bootstrap in %s is for %s: 'make lambda'",
                        path, machine);
        else
            report_line(report, REPORT_OK, check, "%s has bootstrap, static, for %s", path,
                        machine);
    }
    buf_free(&entry.content);
}

/* Whether these bytes are a snapshot that is whole. */
static bool is_snapshot(struct str content)
{
    char path[64];
    struct snapshot_revisions revisions;
    struct err err;
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    ssize_t n = 1;
    while (fd >= 0 && content.len > 0 && n > 0) {
        n = write(fd, content.at, content.len);
        content.at += n > 0 ? n : 0;
        content.len -= n > 0 ? (size_t)n : 0;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool good = content.len == 0 && !data_check_snapshot(path, &revisions, &err);
    if (fd >= 0)
        close(fd);
    return good;
}

/* The package of the layer, which Lambda unpacks into /opt. */
static void check_layer(struct report *report, const char *directory)
{
    static const char name[] = "serverful.snapshot";
    char path[4096];
    struct package_entry entry;
    struct err err;
    snprintf(path, sizeof path, "%s/layer.zip", directory);
    if (access(path, F_OK)) {
        report_line(report, REPORT_SKIPPED, "layer", "there is no %s: 'make lambda' makes it",
                    path);
        return;
    }
    if (package_read(path, name, MAX_SNAPSHOT, &entry, &err))
        report_line(report, REPORT_FAIL, "layer", "%s", err.text);
    else if (!check_entry(report, "layer", path, name, &entry, 0444))
        ; /* said */
    else if (!is_snapshot(buf_str(&entry.content)))
        report_line(report, REPORT_FAIL, "layer",
                    "%s in %s is damaged, or of another version of this program: 'make lambda'",
                    name, path);
    else
        report_line(report, REPORT_OK, "layer", "%s brings /opt/%s, which is whole", path, name);
    buf_free(&entry.content);
}

/* The longest time of a function in a template: lines like "Timeout: 5"; 0 where there is none. */
static unsigned read_timeout(FILE *template)
{
    char line[1024];
    unsigned longest = 0, n;
    while (fgets(line, sizeof line, template)) {
        if (sscanf(line, " Timeout : %u", &n) == 1)
            longest = n > longest ? n : longest;
    }
    return longest;
}

/* Who gives up first is to be the function: then its log tells why. */
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
        report_line(report, REPORT_WARN, check, "%s says none, which is 3 s: add Timeout", path);
    else
        report_line(report, s < GATEWAY_S ? REPORT_OK : REPORT_FAIL, check,
                    "a function may take %u s, API Gateway waits for %d s%s%s", s, GATEWAY_S,
                    s < GATEWAY_S ? "" : ": lower Timeout in ", s < GATEWAY_S ? "" : path);
}

void doctor_check_lambda(struct report *report, const struct doctor_places *places)
{
    check_bootstrap(report, places->bootstrap);
    check_function(report, places->packages, "arm64");
    check_function(report, places->packages, "x86_64");
    check_layer(report, places->packages);
    check_timeout(report, places->template);
}
