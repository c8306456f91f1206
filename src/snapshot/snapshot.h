/*
 * snapshot: a snapshot file, mapped read-only. It holds everything that requests read, so no request
 * waits for SQLite, and all workers share one copy in memory.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "segmenter/dict.h"
#include "segmenter/idf.h"
#include "snapshot/format.h"
#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

/* The content of a snapshot. All pointers lead into the mapping, or, while a snapshot is being
 * compiled, into memory of the compiler. sections.c knows which section each one belongs to. */
struct snapshot {
    const struct snapshot_header *header; /* The start of the mapping; NULL where none is mapped. */
    size_t size;                          /* The size of the mapping in bytes. */
    struct dict dict;                     /* The dictionary and the models. */
    struct idf weights;                   /* The weights of keywords, and the stop words. */
    const uint64_t *image_ends;           /* Where each URL ends in image_text. */
    const char *image_text;               /* The URLs. */
    size_t image_text_size;               /* The size of image_text in bytes. */
    const struct snapshot_list *lists;    /* The lists of images, by tag, ascending. */
    const struct snapshot_choice *choices;
    uint32_t n_images, n_lists, n_choices;
};

/*
 * Map the snapshot file at `path`. The function checks the header, the bounds of the sections and
 * the sizes that must agree. It does not read the content, so it takes the same time for any file;
 * use snapshot_verify() for a file that may be damaged. Returns 0, or -1 with a reason, and then
 * `snapshot` is closed.
 */
int snapshot_open(struct snapshot *snapshot, const char *path, struct err *err);

/*
 * Compare the content with its checksum, and check every index in it, so that no request can read
 * outside the mapping. Reads the whole file. Returns 0 or -1 with a reason.
 */
int snapshot_verify(const struct snapshot *snapshot, struct err *err);

/* Unmap the file. Closing a closed snapshot does nothing. */
void snapshot_close(struct snapshot *snapshot);

#endif
