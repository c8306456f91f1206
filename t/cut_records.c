/*
 * cut_records SNAPSHOT < records > answers: cuts texts for t/segment.t and other tests, which
 * compare the words with jieba's.
 *
 * A record is the length of a text in bytes (32 bits, native byte order) and the text. For each text
 * and each of the five modes below, it prints an answer: the number of words, and each word as a
 * record; or the number 0xFFFFFFFF if the text is not valid UTF-8.
 */
#include "segmenter/segment.h"
#include "snapshot/snapshot.h"
#include "t/records.h"
#include "util/buf.h"

#include <stdint.h>
#include <stdio.h>

static const struct {
    enum segment_mode mode;
    bool hmm;
} modes[] = {{SEGMENT_ACCURATE, true},
             {SEGMENT_ACCURATE, false},
             {SEGMENT_FULL, true},
             {SEGMENT_SEARCH, true},
             {SEGMENT_SEARCH, false}};

struct answer {
    struct buf words;
    uint32_t n;
};

static void add_number(struct buf *out, uint32_t number)
{
    buf_add(out, &number, sizeof number);
}

/* Sink: append the words to the answer. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct answer *answer = arg;
    answer->n += (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        add_number(&answer->words, (uint32_t)words[i].len);
        buf_add_str(&answer->words, words[i]);
    }
    return answer->words.failed ? -1 : 0;
}

/* Print the answer for a text in one mode. */
static int answer_in_mode(struct segmenter *seg, const struct dict *dict, struct str text,
                          size_t mode, struct answer *answer)
{
    struct err err;
    buf_reset(&answer->words);
    answer->n = 0;
    int status =
        segmenter_cut(seg, dict, text, modes[mode].mode, modes[mode].hmm, add_words, answer, &err);
    if (status < 0) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    uint32_t n = status ? UINT32_MAX : answer->n;
    fwrite(&n, sizeof n, 1, stdout);
    if (!status && answer->words.len)
        fwrite(answer->words.at, 1, answer->words.len, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    struct snapshot snapshot;
    struct err err;
    if (argc != 2 || snapshot_open(&snapshot, argv[1], &err)) {
        fprintf(stderr, "%s\n", argc == 2 ? err.text : "usage: cut_records SNAPSHOT");
        return 2;
    }
    struct segmenter *seg = segmenter_new();
    struct answer answer = {0};
    struct buf text = {0};
    int status = seg ? 0 : -1;
    while (!status && !record_read(&text)) {
        for (size_t mode = 0; mode < sizeof modes / sizeof *modes && !status; mode++)
            status = answer_in_mode(seg, &snapshot.dict, buf_str(&text), mode, &answer);
    }
    buf_free(&text);
    buf_free(&answer.words);
    segmenter_free(seg);
    snapshot_close(&snapshot);
    return status ? 1 : 0;
}
