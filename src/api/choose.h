/*
 * choose: images of a list at random, each as often as its weight says.
 */
#ifndef API_CHOOSE_H
#define API_CHOOSE_H

#include "api/random.h"
#include "snapshot/snapshot.h"

#define CHOOSE_MAX 100

/*
 * Choose `n` different images, 1 to CHOOSE_MAX, one after the other: each among those that are left
 * by their weights. Where the list has fewer, all of them. Sets `images` to their numbers, and
 * returns how many there are. The first one is that of n = 1 with the same numbers from `random`:
 * it takes one number or two (see snapshot/alias_table.h; the second only where the threshold is
 * below the total). Each further one takes one, below the sum of the weights that are left.
 */
uint32_t choose_images(const struct snapshot *snapshot, const struct snapshot_list *list,
                       struct random *random, uint32_t n, uint32_t images[CHOOSE_MAX]);

#endif
