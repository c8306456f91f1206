/*
 * tagset: names of tags, numbered in the order in which they come. Number 0 is "x", which jieba
 * gives to words that have no tag. Private to src/jieba.
 */
#ifndef JIEBA_TAGSET_H
#define JIEBA_TAGSET_H

#include "jieba/dict.h"
#include "util/err.h"

#define JIEBA_NO_TAG   0
#define JIEBA_MAX_TAGS 4096

struct jieba_tagset {
    uint32_t n;
    struct jieba_tag_name names[JIEBA_MAX_TAGS];
    uint16_t slots[2 * JIEBA_MAX_TAGS]; /* hash table: number, or 0 for a free one */
};

/* Make it hold "x" alone. */
void jieba_tagset_init(struct jieba_tagset *set);

/*
 * Set `*number` to that of a tag, which is added where it is new; an empty tag is JIEBA_NO_TAG.
 * Returns 0, or -1 with a reason where a tag is longer than JIEBA_TAG_SIZE bytes or not printable
 * ASCII, or there are too many.
 */
int jieba_tagset_add(struct jieba_tagset *set, struct str tag, uint16_t *number, struct err *err);

#endif
