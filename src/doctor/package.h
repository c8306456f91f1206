/*
 * package: reads a zip file, as it is uploaded to Lambda.
 */
#ifndef DOCTOR_PACKAGE_H
#define DOCTOR_PACKAGE_H

#include "util/buf.h"
#include "util/err.h"

#include <stdbool.h>
#include <stdint.h>

struct package_entry {
    bool found;
    char other[256];    /* If not found: an entry of this name in a directory, or "". */
    unsigned mode;      /* The mode as in stat(); 0 if the zip has none. */
    uint64_t size;      /* Bytes of the whole content, by the directory of the zip. */
    struct buf content; /* The content, which the caller frees. */
};

/*
 * Find the entry `name` of the zip at `path`, and read at most `most` bytes of it. If that is all of
 * it, compare its checksum. Returns 0, also where there is no such entry; or -1 with a reason.
 */
int package_read(const char *path, const char *name, size_t most, struct package_entry *entry,
                 struct err *err);

#endif
