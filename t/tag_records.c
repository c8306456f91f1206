/*
 * tag_records SNAPSHOT < records > words: cuts texts for t/pos.t, which compares the words, their
 * tags and their offsets with jieba's.
 *
 * A record is the length of a text in bytes (32 bits, the machine's order) and the text. For each
 * one, the answers are: words and tags, with the model and without it; words and offsets, in
 * accurate mode with the model and without it, and in search mode. An answer is the number of
 * words, and each word as a record, followed by its tag as a record, or by two numbers; or the
 * number 0xFFFFFFFF where the text is refused.
 */
#include "segmenter/offsets.h"
#include "segmenter/tag.h"
#include "snapshot/snapshot.h"
#include "util/buf.h"

#include <stdint.h>
#include <stdio.h>

struct answer {
    struct buf words;
    uint32_t n;
    struct text_cursor cursor;
};

static void add_number(struct buf *out, size_t number)
{
    uint32_t bits = (uint32_t)number;
    buf_add(out, &bits, sizeof bits);
}

static void add_record(struct buf *out, struct str text)
{
    add_number(out, text.len);
    buf_add_str(out, text);
}

static int take_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct answer *answer = arg;
    answer->n += (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        add_record(&answer->words, words[i]);
        add_record(&answer->words, tags[i]);
    }
    return answer->words.failed ? -1 : 0;
}

static int take(void *arg, const struct str *words, size_t n)
{
    struct answer *answer = arg;
    answer->n += (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        struct char_range range = text_cursor_move(&answer->cursor, words[i]);
        add_record(&answer->words, words[i]);
        add_number(&answer->words, range.begin);
        add_number(&answer->words, range.end);
    }
    return answer->words.failed ? -1 : 0;
}

/* Print the answer; `status` is what the segmenter returned. */
static int print(const struct answer *answer, int status, const struct err *err)
{
    uint32_t n = status ? UINT32_MAX : answer->n;
    if (status < 0) {
        fprintf(stderr, "%s\n", err->text);
        return -1;
    }
    fwrite(&n, sizeof n, 1, stdout);
    if (!status && answer->words.len)
        fwrite(answer->words.at, 1, answer->words.len, stdout);
    return 0;
}

static void begin(struct answer *answer, struct str text)
{
    buf_reset(&answer->words);
    answer->n = 0;
    answer->cursor = text_cursor_begin(text);
}

static int answer_all(struct segmenter *seg, const struct dict *dict, struct str text,
                      struct answer *answer)
{
    static const enum segment_mode modes[] = {SEGMENT_ACCURATE, SEGMENT_SEARCH};
    struct err err;
    for (int hmm = 1; hmm >= 0; hmm--) {
        begin(answer, text);
        if (print(answer, segmenter_tag(seg, dict, text, hmm, take_tagged, answer, &err), &err))
            return -1;
    }
    for (int mode = 0; mode < 2; mode++) {
        for (int hmm = 1; hmm >= 0; hmm--) {
            begin(answer, text);
            int status = segmenter_cut(seg, dict, text, modes[mode], hmm, take, answer, &err);
            if (print(answer, status, &err))
                return -1;
        }
    }
    return 0;
}

/* The next record into `text`; 0, or -1 at the end. */
static int read_record(struct buf *text)
{
    uint32_t len;
    buf_reset(text);
    if (fread(&len, sizeof len, 1, stdin) != 1 || !buf_reserve(text, len) ||
        fread(text->at, 1, len, stdin) != len)
        return -1;
    text->len = len;
    return 0;
}

int main(int argc, char **argv)
{
    struct snapshot snapshot;
    struct err err;
    if (argc != 2 || snapshot_open(&snapshot, argv[1], &err)) {
        fprintf(stderr, "%s\n", argc == 2 ? err.text : "usage: tag_records SNAPSHOT");
        return 2;
    }
    struct segmenter *seg = segmenter_new();
    struct answer answer = {0};
    struct buf text = {0};
    int status = seg ? 0 : -1;
    while (!status && !read_record(&text))
        status = answer_all(seg, &snapshot.dict, buf_str(&text), &answer);
    buf_free(&text);
    buf_free(&answer.words);
    segmenter_free(seg);
    snapshot_close(&snapshot);
    return status ? 1 : 0;
}
