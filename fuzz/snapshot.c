/*
 * snapshot: changes a good snapshot file, as changed_file.h says, and uses the result. A file that
 * snapshot_open() and snapshot_verify() accept is read by everything that reads snapshots, except for
 * what reads no changed section.
 */
#include "snapshot/snapshot.h"
#include "fuzz/changed_file.h"
#include "fuzz/fuzz.h"
#include "segmenter/keywords.h"
#include "segmenter/segment.h"
#include "segmenter/tag.h"
#include "snapshot/images.h"

static int sum_words(void *arg, const struct str *words, size_t n)
{
    size_t *sum = arg;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < words[i].len; k++)
            *sum += (unsigned char)words[i].at[k];
    }
    return 0;
}

static int sum_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    return sum_words(arg, words, n) || sum_words(arg, tags, n) ? -1 : 0;
}

static void cut_all(const struct dict *dict, size_t *sum)
{
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    for (int hmm = 0; hmm < 2; hmm++)
        HOLDS(!segmenter_tag(seg, dict, str_of(CHANGED_FILE_TEXT), hmm, sum_tagged, sum, &err));
    for (int mode = SEGMENT_ACCURATE; mode <= SEGMENT_SEARCH; mode++) {
        for (int hmm = 0; hmm < 2; hmm++)
            HOLDS(!segmenter_cut(seg, dict, str_of(CHANGED_FILE_TEXT), (enum segment_mode)mode, hmm,
                                 sum_words, sum, &err));
    }
}

static void find_keywords(const struct snapshot *snapshot, size_t *sum)
{
    static const char text[] =
        "我来到北京清华大学，研究生命起源的中国科学院，科学院 THE the C++ aa研究生龥龥";
    static const struct str tags[] = {{"n", 1}, {"v", 1}, {"x", 1}, {"eng", 3}};
    static struct segmenter *seg;
    struct keywords found;
    struct keyword_query query = {
        .dict = &snapshot->dict, .weights = &snapshot->weights, .text = str_of(text)};
    struct err err;
    seg = seg ? seg : segmenter_new();
    for (int rank = 0; rank < 2; rank++) {
        if (rank)
            HOLDS(!keywords_textrank(seg, &query, &found, &err));
        else
            HOLDS(!keywords_tfidf(seg, &query, &found, &err));
        for (size_t i = 0; i < found.n; i++)
            sum_words(sum, &found.at[i].word, 1);
        keywords_free(&found);
        query.allow_pos = tags;
        query.n_allow_pos = sizeof tags / sizeof *tags;
    }
}

/* A tag finds its own list. A sample has the size asked for, or the whole list, and its images
 * exist. */
static void sample_images(const struct snapshot *snapshot, const struct snapshot_list *list)
{
    uint32_t images[ALIAS_TABLE_MAX_SAMPLE];
    struct random random;
    struct alias_table table;
    HOLDS(snapshot_find_list(snapshot, snapshot_list_tag(list), &table));
    HOLDS(table.choices == snapshot->choices + list->first && table.n == list->n);
    for (uint32_t n = 1; n <= ALIAS_TABLE_MAX_SAMPLE; n += 33) {
        random_seed(&random, (struct str){(const char *)&n, sizeof n});
        uint32_t got = alias_table_sample(&table, &random, n, images);
        HOLDS(got == (n < list->n ? n : list->n));
        for (uint32_t i = 0; i < got; i++)
            HOLDS(images[i] < snapshot->n_images);
    }
}

/* Count the words of the tables, which may be done before the file is verified. */
static void count_words(const struct snapshot *snapshot)
{
    const struct word_table *tables[] = {&snapshot->weights.idf, &snapshot->weights.stop_words,
                                         &snapshot->dict.forbidden};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        size_t most = tables[i]->n_blocks * WORD_TABLE_BLOCK + tables[i]->size;
        HOLDS(word_table_count(tables[i]) <= most);
    }
}

static void use_images(const struct snapshot *snapshot, size_t *sum)
{
    for (uint32_t i = 0; i < snapshot->n_lists && i < 1000; i++)
        sample_images(snapshot, &snapshot->lists[i]);
    for (uint32_t i = 0; i < snapshot->n_images && i < 1000; i++) {
        struct str image = snapshot_image(snapshot, i);
        sum_words(sum, &image, 1);
    }
}

/* Do everything whose result the input can have changed. */
static void use_snapshot(const struct snapshot *snapshot)
{
    size_t sum = 0;
    changed_file_untraced = true;
    bool has_dict = !changed_file_keeps_part(SNAPSHOT_PART_WORDS) ||
                    !changed_file_keeps_part(SNAPSHOT_PART_MODEL);
    if (has_dict)
        cut_all(&snapshot->dict, &sum);
    if (has_dict || !changed_file_keeps_part(SNAPSHOT_PART_KEYWORDS))
        find_keywords(snapshot, &sum);
    if (!changed_file_keeps_part(SNAPSHOT_PART_IMAGES))
        use_images(snapshot, &sum);
    changed_file_untraced = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snapshot snapshot;
    struct err err;
    changed_file_apply(fuzz_text(data, size));
    if (!snapshot_open(&snapshot, CHANGED_FILE_PATH, &err)) {
        struct snapshot apart = snapshot;
        count_words(&snapshot);
        changed_file_set_apart(&apart);
        if (snapshot_verify(&snapshot, &err))
            HOLDS(*err.text);
        else
            use_snapshot(&apart);
        snapshot_close(&snapshot);
    }
    changed_file_undo();
    return 0;
}
