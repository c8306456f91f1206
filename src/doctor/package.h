/*
 * package: a zip, as it is uploaded to Lambda.
 */
#ifndef DOCTOR_PACKAGE_H
#define DOCTOR_PACKAGE_H

#include "util/buf.h"
#include "util/err.h"

struct package_entry {
    bool found;
    char other[256];    /* where not found: another entry that ends with the name, or "" */
    unsigned mode;      /* as in stat(); 0 where the zip has none */
    struct buf content; /* to be freed by the caller */
};

/*
 * Look for the entry `name` of the zip at `path`, and read up to `most` bytes of it; where that is
 * all of it, its checksum is compared. Returns 0, also where there is no such entry, or -1 with a
 * reason.
 */
int package_read(const char *path, const char *name, size_t most, struct package_entry *entry,
                 struct err *err);

#endif
