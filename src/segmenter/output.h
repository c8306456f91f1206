/*
 * output: collects the words that the segmenter finds, and hands them to the sink in batches.
 * Private to src/segmenter.
 *
 * Every part that cuts text puts its words here; this part calls none of them. The functions that
 * run once a word are inline.
 */
#ifndef SEGMENTER_OUTPUT_H
#define SEGMENTER_OUTPUT_H

#include "segmenter/segmenter.h"
#include "util/str.h"

/* Begin the output of a text. One of the two sinks is NULL. */
void output_begin(struct segmenter *seg, word_sink *sink, tagged_word_sink *tag_sink, void *arg);

/* Hand the words that wait to the sink. Sets `out.status` to what it returns; once that is not 0,
 * the words are dropped. */
void output_flush(struct segmenter *seg);

/* Put the words of two and three characters that are inside [begin, end) of the block; jieba's
 * cut_for_search(). */
void output_put_parts(struct segmenter *seg, size_t begin, size_t end);

/* Put a phrase (see phrases.h), in search mode after its parts. Overwrites the block. */
void output_put_phrase(struct segmenter *seg, struct str phrase);

/* Put a run of bytes as one word. */
static inline void output_put(struct segmenter *seg, const char *at, size_t len)
{
    seg->out.words[seg->out.n++] = (struct str){at, len};
    if (seg->out.n == OUTPUT_BATCH)
        output_flush(seg);
}

/* Put a run of bytes as one word with its tag. */
static inline void output_put_tagged(struct segmenter *seg, const char *at, size_t len,
                                     struct str tag)
{
    seg->out.tags[seg->out.n] = tag;
    output_put(seg, at, len);
}

/* Put the characters [begin, end) of the block as one word. */
static inline void output_put_range(struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin];
    output_put(seg, seg->block + at, seg->offsets[end] - at);
}

/* Put the characters [begin, end) of the block as one word, in search mode after its parts. */
static inline void output_put_word(struct segmenter *seg, size_t begin, size_t end)
{
    if (seg->search && end - begin > 2)
        output_put_parts(seg, begin, end);
    output_put_range(seg, begin, end);
}

/* Return room for `n` words behind those that wait. The caller writes words there, and adds to
 * `out.n` how many of them count. */
static inline struct str *output_reserve(struct segmenter *seg, size_t n)
{
    if (seg->out.n >= OUTPUT_BATCH - n)
        output_flush(seg);
    return seg->out.words + seg->out.n;
}

#endif
