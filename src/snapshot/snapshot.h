/*
 * map: a snapshot file, mapped read-only. All that requests read is in it.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "segmenter/dict.h"
#include "segmenter/idf.h"
#include "snapshot/format.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot {
    const struct snapshot_header *header; /* the mapping; NULL when closed */
    size_t size;                          /* bytes mapped */
    struct dict dict;                     /* points into the mapping */
    uint32_t n_images;
    const uint64_t *image_ends; /* where each URL ends in image_text */
    const char *image_text;
    struct idf weights;                /* points into the mapping */
    const struct snapshot_list *lists; /* n_lists of them, by tag, ascending */
    const struct snapshot_choice *choices;
    uint32_t n_lists, n_choices;
};

/*
 * Map a snapshot file. Header, section bounds and the sizes that they imply are always checked. The
 * checksum of the whole content is left to snapshot_verify(), since it reads every page. Returns 0,
 * or -1 with a reason, and then `snapshot` is closed.
 */
int snapshot_open(struct snapshot *snapshot, const char *path, struct err *err);

/* Compare the content with its checksum, and check every index in it. Returns 0 or -1 with a
 * reason. */
int snapshot_verify(const struct snapshot *snapshot, struct err *err);

/* Unmap; a closed snapshot may be closed again. */
void snapshot_close(struct snapshot *snapshot);

/* The URL of an image, 0 <= i < n_images; borrowed from the mapping. */
struct str snapshot_image(const struct snapshot *snapshot, uint32_t i);

/* The images of a tag, of all where it is empty; NULL where there are none. */
const struct snapshot_list *snapshot_list(const struct snapshot *snapshot, struct str tag);

/* The tag of a list, borrowed from it. */
struct str snapshot_tag(const struct snapshot_list *list);

/* Whether a URL may stand in a header: it has no control characters and no space. */
bool snapshot_is_url_safe(struct str url);

#endif
