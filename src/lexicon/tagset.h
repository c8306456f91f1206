/*
 * tagset: names of tags, numbered in the order in which they come. Number 0 is "x", which jieba
 * gives to words that have no tag. Private to src/lexicon.
 */
#ifndef LEXICON_TAGSET_H
#define LEXICON_TAGSET_H

#include "segmenter/dict.h"
#include "util/err.h"

#define TAGSET_NO_TAG 0
#define TAGSET_MAX    4096

struct tagset {
    uint32_t n;
    struct tag_name names[TAGSET_MAX];
    uint16_t slots[2 * TAGSET_MAX]; /* hash table: number, or 0 for a free one */
};

/* Make it hold "x" alone. */
void tagset_init(struct tagset *set);

/*
 * Set `*number` to that of a tag, which is added where it is new; an empty tag is TAGSET_NO_TAG.
 * Returns 0, or -1 with a reason where a tag is longer than TAG_SIZE bytes or not printable
 * ASCII, or there are too many.
 */
int tagset_add(struct tagset *set, struct str tag, uint16_t *number, struct err *err);

#endif
