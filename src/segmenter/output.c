#include "segmenter/output.h"

#include "segmenter/phrases.h"
#include "util/utf8.h"

void output_begin(struct segmenter *seg, word_sink *sink, tagged_word_sink *tag_sink, void *arg)
{
    seg->out.sink = sink;
    seg->out.tag_sink = tag_sink;
    seg->out.arg = arg;
    seg->out.status = 0;
    seg->out.n = 0;
}

void output_flush(struct segmenter *seg)
{
    struct output *out = &seg->out;
    size_t n = out->n;
    out->n = 0;
    if (n == 0 || out->status)
        return;
    if (out->tag_sink)
        out->status = out->tag_sink(out->arg, out->words, out->tags, n);
    else
        out->status = out->sink(out->arg, out->words, n);
}

void output_put_parts(struct segmenter *seg, size_t begin, size_t end)
{
    for (size_t width = 2; width <= 3 && width < end - begin; width++) {
        for (size_t i = begin; i + width <= end; i++) {
            if (dict_find(seg->dict, seg->labels + i, width))
                output_put_range(seg, i, i + width);
        }
    }
}

/* Read a phrase as if it were a block. A character outside of jieba's class has label 0. */
static void read_phrase(struct segmenter *seg, struct str phrase)
{
    size_t n = 0;
    for (size_t at = 0, len; at < phrase.len; at += len) {
        uint32_t code = 0;
        len = utf8_read(phrase.at + at, phrase.len - at, &code);
        if (!len)
            break;
        seg->offsets[n] = (uint32_t)at;
        seg->labels[n++] = (uint16_t)dict_label(code);
    }
    seg->block = phrase.at;
    seg->n = n;
    seg->offsets[n] = (uint32_t)phrase.len;
}

/* Whether the characters [begin, end) of the block are a word of the dictionary, or a phrase. */
static bool is_word_or_phrase(const struct segmenter *seg, size_t begin, size_t end)
{
    uint32_t at = seg->offsets[begin];
    return dict_find(seg->dict, seg->labels + begin, end - begin) ||
           phrase_exists(seg->dict, (struct str){seg->block + at, seg->offsets[end] - at});
}

void output_put_phrase(struct segmenter *seg, struct str phrase)
{
    if (seg->search) {
        read_phrase(seg, phrase);
        for (size_t width = 2; width <= 3 && width < seg->n; width++) {
            for (size_t i = 0; i + width <= seg->n; i++) {
                if (is_word_or_phrase(seg, i, i + width))
                    output_put_range(seg, i, i + width);
            }
        }
    }
    output_put(seg, phrase.at, phrase.len);
}
