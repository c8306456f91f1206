/*
 * tag_records SNAPSHOT < records > answers: cuts texts for t/pos.t, which compares the words, their
 * tags and their offsets with jieba's.
 *
 * A record is the length of a text in bytes (32 bits, native byte order) and the text. For each text
 * it prints six answers: words with tags, with the model and without; words with offsets in accurate
 * mode, with the model and without; the same in search mode. An answer is the number of words, and
 * each word as a record with its tag as a record, or with its offsets as two numbers; or the number
 * 0xFFFFFFFF if the text is not valid UTF-8.
 */
#include "segmenter/offsets.h"
#include "segmenter/tag.h"
#include "snapshot/snapshot.h"
#include "t/records.h"
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

/* Sink: append words and tags to the answer. */
static int add_tagged_words(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct answer *answer = arg;
    answer->n += (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        add_record(&answer->words, words[i]);
        add_record(&answer->words, tags[i]);
    }
    return answer->words.failed ? -1 : 0;
}

/* Sink: append words and offsets to the answer. */
static int add_words_with_offsets(void *arg, const struct str *words, size_t n)
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

/* Print the answer; `status` is the result of the segmenter. */
static int print_answer(const struct answer *answer, int status, const struct err *err)
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

static void begin_answer(struct answer *answer, struct str text)
{
    buf_reset(&answer->words);
    answer->n = 0;
    answer->cursor = text_cursor_begin(text);
}

/* Print the six answers for a text. */
static int print_answers(struct segmenter *seg, const struct dict *dict, struct str text,
                         struct answer *answer)
{
    static const enum segment_mode modes[] = {SEGMENT_ACCURATE, SEGMENT_SEARCH};
    struct err err;
    for (int hmm = 1; hmm >= 0; hmm--) {
        begin_answer(answer, text);
        if (print_answer(answer,
                         segmenter_tag(seg, dict, text, hmm, add_tagged_words, answer, &err), &err))
            return -1;
    }
    for (int mode = 0; mode < 2; mode++) {
        for (int hmm = 1; hmm >= 0; hmm--) {
            begin_answer(answer, text);
            int status = segmenter_cut(seg, dict, text, modes[mode], hmm, add_words_with_offsets,
                                       answer, &err);
            if (print_answer(answer, status, &err))
                return -1;
        }
    }
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
    while (!status && !record_read(&text))
        status = print_answers(seg, &snapshot.dict, buf_str(&text), &answer);
    buf_free(&text);
    buf_free(&answer.words);
    segmenter_free(seg);
    snapshot_close(&snapshot);
    return status ? 1 : 0;
}
