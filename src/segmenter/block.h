/*
 * block: reads a text into the scratch memory block by block, and looks up the characters of each.
 * Private to src/segmenter.
 *
 * The double array is larger than the processor's near caches, and each step of a walk through it
 * needs the one before. So block_read() takes the first step for all characters, and
 * block_look_up_pairs() the second; each step prefetches the memory that the next one reads.
 */
#ifndef SEGMENTER_BLOCK_H
#define SEGMENTER_BLOCK_H

#include "segmenter/segmenter.h"
#include "util/err.h"
#include "util/str.h"
#include "util/utf8.h"

/* Make room for the blocks of `text`, and set the dictionary. Returns 0 or -1 with a reason. */
int block_prepare(struct segmenter *seg, const struct dict *dict, struct str text, struct err *err);

/* Blocks are short, so that a call would count: these functions are inlined into their callers. */
#define BLOCK_INLINE static inline __attribute__((always_inline))

/* Decode the block that begins at `at`, which can be empty, and look up each character alone.
 * Returns where the block ends: at a character without a label, at invalid UTF-8, or at `end`. */
BLOCK_INLINE const char *block_read(struct segmenter *seg, const char *at, const char *end)
{
    const unsigned char *s = (const unsigned char *)at, *stop = (const unsigned char *)end;
    const dict_unit *units = seg->dict->units, *root = units + dict_unit_base(units[0]);
    dict_unit unit = 0;
    size_t n = 0;
    while (s < stop) {
        uint32_t label;
        seg->offsets[n] = (uint32_t)(s - (const unsigned char *)at);
        if (s[0] < 0x80) {
            label = dict_ascii_label[s[0]];
            if (!label)
                break;
            s += 1;
        } else {
            if (stop - s < 3 || (s[0] & 0xF0) != 0xE0 || (s[1] & 0xC0) != 0x80 ||
                (s[2] & 0xC0) != 0x80)
                break;
            uint32_t code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
            if (code - DICT_FIRST_HAN >= DICT_HAN_COUNT)
                break;
            label = code - DICT_FIRST_HAN + DICT_HAN_LABEL;
            s += 3;
        }
        __builtin_prefetch(units + dict_unit_base(unit) + label);
        unit = dict_unit_if(root[label], label);
        seg->singles[n] = unit;
        seg->labels[n++] = (uint16_t)label;
    }
    seg->block = at;
    seg->n = n;
    memset(seg->labels + n, 0, SEGMENTER_PAD * sizeof *seg->labels);
    seg->offsets[n] = seg->offsets[n + 1] = (uint32_t)(s - (const unsigned char *)at);
    return (const char *)s;
}

/* Look up each character of the block, which has at least one, together with the next one. */
BLOCK_INLINE void block_look_up_pairs(struct segmenter *seg)
{
    const dict_unit *restrict units = seg->dict->units, *restrict singles = seg->singles;
    const uint16_t *restrict labels = seg->labels;
    dict_unit *restrict pairs = seg->pairs;
    for (size_t i = 0; i < seg->n; i++) {
        uint32_t label = labels[i + 1];
        pairs[i] = dict_unit_if(units[dict_unit_base(singles[i]) + label], label);
        __builtin_prefetch(units + dict_unit_base(pairs[i]) + labels[i + 2]);
    }
}

/* Return the unit of character i and the next two, or 0 if no word begins with the three. */
static inline dict_unit block_triple(const struct segmenter *seg, size_t i)
{
    uint32_t label = seg->labels[i + 2];
    return dict_unit_if(dict_child(seg->dict, seg->pairs[i], label), label);
}

/* Read one step of the text between two blocks, CR LF or one character, at < end. Returns its
 * length in bytes and sets `*code` to the first character; or returns 0 at invalid UTF-8. */
static inline size_t block_read_gap(const char *at, const char *end, uint32_t *code)
{
    size_t len = utf8_read(at, (size_t)(end - at), code);
    return *code == '\r' && len == 1 && end - at > 1 && at[1] == '\n' ? 2 : len;
}

#endif
