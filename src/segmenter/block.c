#include "segmenter/block.h"

#include <stdlib.h>

/* The longest text in bytes. Offsets in a block are 32 bits wide, and each byte of the text
 * reserves 35 bytes of scratch memory. */
#define MAX_TEXT ((size_t)1 << 28)

/* Make room for a block of `n` characters. The arrays share one allocation, the widest elements
 * first. The pages that no block reaches are never touched, so that a long text of short blocks
 * takes little memory. */
static int reserve_characters(struct segmenter *seg, size_t n, struct err *err)
{
    if (n + SEGMENTER_PAD <= seg->cap)
        return 0;
    size_t cap = (n + SEGMENTER_PAD + 1023) & ~(size_t)1023;
    free(seg->singles);
    seg->singles = malloc(cap * (sizeof *seg->singles + sizeof *seg->pairs + sizeof *seg->best +
                                 sizeof *seg->offsets + sizeof *seg->ends + sizeof *seg->labels +
                                 sizeof *seg->back));
    if (!seg->singles) {
        seg->cap = 0;
        return err_set(err, "out of memory for a text of %zu bytes", n);
    }
    seg->pairs = seg->singles + cap;
    seg->best = (double *)(seg->pairs + cap);
    seg->offsets = (uint32_t *)(seg->best + cap);
    seg->ends = seg->offsets + cap;
    seg->labels = (uint16_t *)(seg->ends + cap);
    seg->back = (uint8_t *)(seg->labels + cap);
    seg->cap = cap;
    return 0;
}

int block_prepare(struct segmenter *seg, const struct dict *dict, struct str text, struct err *err)
{
    if (text.len > MAX_TEXT)
        return err_set(err, "the text has %zu bytes: at most %zu are allowed", text.len, MAX_TEXT);
    if (reserve_characters(seg, text.len, err))
        return -1;
    seg->dict = dict;
    return 0;
}
