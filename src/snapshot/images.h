/*
 * images: the images of a snapshot, and the list of those that have a tag.
 */
#ifndef SNAPSHOT_IMAGES_H
#define SNAPSHOT_IMAGES_H

#include "snapshot/alias_table.h"
#include "snapshot/content.h"
#include "util/str.h"

#include <stdbool.h>

/* The URL of image `i`, 0 <= i < n_images; borrowed from the snapshot. */
struct str snapshot_image(const struct snapshot *snapshot, uint32_t i);

/* Find the images of a tag, or all images where the tag is empty. Sets `table` to choose from them.
 * Returns false where no image has the tag. */
bool snapshot_find_list(const struct snapshot *snapshot, struct str tag, struct alias_table *table);

/* The tag of a list, borrowed from it. */
struct str snapshot_list_tag(const struct snapshot_list *list);

/* The choices of a list, borrowed from the snapshot. */
struct alias_table snapshot_list_table(const struct snapshot *snapshot,
                                       const struct snapshot_list *list);

/* Whether a URL can stand in an HTTP header: it has neither control characters nor spaces. */
bool snapshot_is_url_safe(struct str url);

#endif
