/*
 * tagset: numbers tags in the order in which they are added. Number 0 is "x", the tag that jieba
 * gives to words without one. Private to src/lexicon.
 */
#ifndef LEXICON_TAGSET_H
#define LEXICON_TAGSET_H

#include "segmenter/dict.h"
#include "util/err.h"

#define TAGSET_NO_TAG 0    /* The number of a word without a tag. */
#define TAGSET_MAX    4096 /* The most tags. */

struct tagset {
    uint32_t n;
    struct tag_name names[TAGSET_MAX]; /* [n] The tags by number. */
    uint16_t slots[2 * TAGSET_MAX];    /* A hash table: numbers, or 0 if free. */
};

/* Set the tags to "x" alone. */
void tagset_init(struct tagset *set);

/*
 * Set `*number` to the number of a tag, which is added if it is new. An empty tag is TAGSET_NO_TAG.
 * Returns 0; or -1 with a reason if the tag is longer than TAG_SIZE bytes or not printable ASCII,
 * or if there are too many tags.
 */
int tagset_add(struct tagset *set, struct str tag, uint16_t *number, struct err *err);

#endif
