/*
 * images: the images of the store as sections of a snapshot. Private to src/store.
 */
#ifndef STORE_IMAGES_H
#define STORE_IMAGES_H

#include "store/store.h"
#include "util/buf.h"

/* The bytes of the sections, in the order of enum snapshot_section. A zeroed struct is empty. */
struct store_images {
    struct buf ends, text, lists, choices;
};

/* Read the enabled images into an empty `images`. Returns 0 or -1 with a reason. */
int store_read_images(struct store *store, struct store_images *images, struct err *err);

void store_free_images(struct store_images *images);

#endif
