/*
 * cut_records SNAPSHOT < records > words: cuts texts for t/segment.t, which compares the words with
 * jieba's.
 *
 * A record is the length of a text in bytes (32 bits, the machine's order) and the text. For each
 * one, and for each of the five modes below, the answer is the number of words, and each word as a
 * record; or the number 0xFFFFFFFF where the text is refused.
 */
#include "segmenter/segment.h"
#include "snapshot/snapshot.h"
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

static int take(void *arg, const struct str *words, size_t n)
{
    struct answer *answer = arg;
    answer->n += (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        add_number(&answer->words, (uint32_t)words[i].len);
        buf_add_str(&answer->words, words[i]);
    }
    return answer->words.failed ? -1 : 0;
}

static int cut(struct segmenter *seg, const struct dict *dict, struct str text, size_t mode,
               struct answer *answer)
{
    struct err err;
    buf_reset(&answer->words);
    answer->n = 0;
    int status =
        segmenter_cut(seg, dict, text, modes[mode].mode, modes[mode].hmm, take, answer, &err);
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
        fprintf(stderr, "%s\n", argc == 2 ? err.text : "usage: cut_records SNAPSHOT");
        return 2;
    }
    struct segmenter *seg = segmenter_new();
    struct answer answer = {0};
    struct buf text = {0};
    int status = seg ? 0 : -1;
    while (!status && !read_record(&text)) {
        for (size_t mode = 0; mode < sizeof modes / sizeof *modes && !status; mode++)
            status = cut(seg, &snapshot.dict, buf_str(&text), mode, &answer);
    }
    buf_free(&text);
    buf_free(&answer.words);
    segmenter_free(seg);
    snapshot_close(&snapshot);
    return status ? 1 : 0;
}
