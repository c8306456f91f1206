/*
 * sections: the one description of the sections of a snapshot. Its table says of each section which
 * part of the store it is compiled from, which field of struct snapshot points at it, how many
 * elements it may have, and how its content is verified. Mapping, writing, carrying over and the
 * tests follow the table. format.h tells how to add a section.
 */
#ifndef SNAPSHOT_SECTIONS_H
#define SNAPSHOT_SECTIONS_H

#include "snapshot/content.h"
#include "snapshot/verify.h"
#include "util/str.h"

#include <stdbool.h>

/* What a message about an unusable snapshot advises. */
#define SNAPSHOT_REMEDY "run 'serverful snapshot' to rebuild it"

struct section {
    const char *name;        /* The name for messages and tests. */
    enum snapshot_part part; /* The part of the store that the section is compiled from. */
    size_t pointer;          /* The offset in struct snapshot of the pointer to the elements. */
    size_t element;          /* The size of an element in bytes. */
    size_t count;            /* The offset in struct snapshot of the number of elements. */
    /* The size of the field at `count`. 0 where there is no such field: the section then has one
     * element, or none where the pointer is NULL. */
    size_t count_size;
    uint64_t min;      /* The least number of elements. */
    uint64_t max;      /* The largest number of elements; 0 means no limit. */
    bool may_be_empty; /* Whether 0 elements are allowed in spite of `min`. */
    /* Whether the size agrees with other sections; NULL where there is nothing to compare but the
     * sections with the same `count`, which must always agree. */
    bool (*fits)(const struct snapshot *);
    verify_section *verify; /* The check of the content; NULL where any content is safe. */
};

/* The description of a section. */
const struct section *section_of(enum snapshot_section which);

/* The bytes of a section, borrowed from `snapshot`, whether that is mapped or being compiled. */
struct str section_bytes(const struct snapshot *snapshot, enum snapshot_section which);

/* Set the fields of all sections of a part in `to` to those of `from`: both then share the
 * memory. */
void sections_share(struct snapshot *to, const struct snapshot *from, enum snapshot_part part);

/*
 * Set the fields of all sections of a mapped snapshot. Checks that every section lies inside the
 * file, behind the header and the sections before it, and has a number of elements that is allowed
 * and agrees with the other sections. Returns 0 or -1 with a reason.
 */
int sections_find(struct snapshot *snapshot, struct err *err);

/* Verify the content of every section, in their order. Returns 0 or -1 with a reason. */
int sections_verify(const struct snapshot *snapshot, struct err *err);

#endif
