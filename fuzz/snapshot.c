/*
 * snapshot: changes a good snapshot file and uses the result. The first byte of the input says
 * whether to correct the checksums after the changes, so that the other checks are reached. Each
 * change takes ten bytes: the kind, the place, and eight bytes of a new value. One kind adds or
 * changes a child of a node of the trie. A file that snapshot_open() and snapshot_verify() accept is
 * read by everything that reads snapshots.
 */
#include "snapshot/snapshot.h"
#include "fuzz/fuzz.h"
#include "fuzz/small.h"
#include "segmenter/keywords.h"
#include "segmenter/pos.h"
#include "segmenter/segment.h"
#include "segmenter/tag.h"
#include "snapshot/images.h"
#include "snapshot/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define MAX_CHANGES 24

enum { CHANGE_HEADER, CHANGE_SIZE, CHANGE_CHILD, CHANGE_ANY, CHANGE_SECTION };
enum { KEEP_HEADER_SUM = 1, KEEP_CONTENT_SUM = 2 };

/* The file under test. */
static struct {
    int fd;
    char path[64];
    size_t size;
    char *good; /* A copy of the good content. */
    char *at;   /* The mapping through which the file is changed. */
} file;

static void map_file(int fd)
{
    struct stat st;
    HOLDS(!fstat(fd, &st));
    file.fd = fd;
    file.size = (size_t)st.st_size;
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", fd);
    file.at = mmap(NULL, file.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    file.good = malloc(file.size);
    HOLDS(file.at != MAP_FAILED && file.good);
    memcpy(file.good, file.at, file.size);
}

/* Write the small snapshot, and keep its file in memory. */
static void make_file(void)
{
    struct err err;
    char directory[] = "/dev/shm/serverful-fuzz-XXXXXX", path[64];
    HOLDS(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/snapshot", directory);
    HOLDS(!snapshot_write(path, small_snapshot(), &(struct snapshot_revisions){0}, &err));
    FILE *written = fopen(path, "r+");
    HOLDS(written);
    map_file(fileno(written));
    unlink(path);
    rmdir(directory);
}

/* The 8-byte words that a change of this kind can reach. Returns the first, and sets `*n` to their
 * number. */
static uint64_t *words_of(unsigned char kind, size_t *n)
{
    const struct snapshot_header *header = (const struct snapshot_header *)file.good;
    struct snapshot_range range = {0, file.size & ~(size_t)7};
    if (kind == CHANGE_HEADER)
        range.size = sizeof *header;
    else if (kind == CHANGE_CHILD)
        range = header->sections[SNAPSHOT_UNITS];
    else if (kind >= CHANGE_SECTION)
        range = header->sections[(kind - CHANGE_SECTION) % SNAPSHOT_SECTIONS];
    *n = range.size < 8 ? 1 : range.size / 8; /* zeros follow a short section */
    return (uint64_t *)(file.at + range.offset);
}

/* What has been changed, to undo it. */
struct changes {
    size_t n;                  /* The number of changed words. */
    uint64_t *at[MAX_CHANGES]; /* The changed words. */
    bool resized;              /* Whether the file has another size. */
};

/* The unit number `place` among those with a base. */
static dict_unit pick_node(const dict_unit *units, size_t n, size_t place)
{
    size_t in_use = 0;
    for (size_t i = 0; i < n; i++) {
        if (dict_unit_base(units[i]) && in_use++ == place)
            return units[i];
    }
    return units[0];
}

/* Choose a child of some node, whether it exists or not. Returns its index, and makes `*value` a unit
 * for it. */
static size_t pick_child(const dict_unit *units, size_t n, size_t place, uint64_t *value)
{
    uint32_t label = dict_unit_label(*value) % DICT_LABELS;
    *value =
        dict_unit_make(label, dict_unit_prob(*value) % 64, dict_unit_base(*value) % (uint32_t)n);
    return dict_unit_base(pick_node(units, n, place)) + label;
}

static void apply_change(struct changes *changes, const char *bytes)
{
    uint64_t value;
    size_t n;
    unsigned char kind = (unsigned char)bytes[0], place = (unsigned char)bytes[1];
    memcpy(&value, bytes + 2, sizeof value);
    if (kind == CHANGE_SIZE) {
        HOLDS(!ftruncate(file.fd, (off_t)(value % (file.size + 4096))));
        changes->resized = true;
        return;
    }
    uint64_t *words = words_of(kind, &n);
    size_t i = place % n;
    if (kind == CHANGE_CHILD)
        i = pick_child((dict_unit *)(file.good + ((char *)words - file.at)), n, place, &value);
    words[i] = value;
    changes->at[changes->n++] = &words[i];
}

static void correct_checksums(unsigned char how, bool resized)
{
    struct snapshot_header *header = (struct snapshot_header *)file.at;
    if (resized)
        return; /* the end of the mapping may not be accessible */
    if (!(how & KEEP_CONTENT_SUM))
        header->checksum = XXH3_64bits(header + 1, file.size - sizeof *header);
    if (!(how & KEEP_HEADER_SUM))
        header->header_checksum =
            XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum));
}

static void undo_changes(const struct changes *changes)
{
    if (changes->resized) {
        HOLDS(!ftruncate(file.fd, (off_t)file.size));
        memcpy(file.at, file.good, file.size);
    }
    for (size_t i = 0; i < changes->n; i++)
        memcpy(changes->at[i], file.good + ((char *)changes->at[i] - file.at), 8);
    memcpy(file.at, file.good, sizeof(struct snapshot_header));
}

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
    static const char text[] =
        "我来到北京清华大学，研究生命起源的C++ AT&T 1.5%aaaa\n一一一一一B超𠀀龥，清";
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    for (int hmm = 0; hmm < 2; hmm++)
        HOLDS(!segmenter_tag(seg, dict, str_of(text), hmm, sum_tagged, sum, &err));
    for (int mode = SEGMENT_ACCURATE; mode <= SEGMENT_SEARCH; mode++) {
        for (int hmm = 0; hmm < 2; hmm++)
            HOLDS(!segmenter_cut(seg, dict, str_of(text), (enum segment_mode)mode, hmm, sum_words,
                                 sum, &err));
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

static void use_snapshot(const struct snapshot *snapshot)
{
    size_t sum = 0;
    cut_all(&snapshot->dict, &sum);
    find_keywords(snapshot, &sum);
    for (uint32_t i = 0; i < snapshot->n_lists && i < 1000; i++)
        sample_images(snapshot, &snapshot->lists[i]);
    for (uint32_t i = 0; i < snapshot->n_images && i < 1000; i++) {
        struct str image = snapshot_image(snapshot, i);
        HOLDS(image.at + image.len <= (const char *)snapshot->header + snapshot->size);
        sum_words(&sum, &image, 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct changes changes = {0};
    struct str input = fuzz_text(data, size);
    struct snapshot snapshot;
    struct err err;
    if (!file.at)
        make_file();
    unsigned char how = fuzz_byte(&input);
    for (size_t i = 0; i < MAX_CHANGES && input.len >= 10; i++) {
        apply_change(&changes, input.at);
        input = (struct str){input.at + 10, input.len - 10};
        if (changes.resized)
            break;
    }
    correct_checksums(how, changes.resized);
    if (!snapshot_open(&snapshot, file.path, &err)) {
        if (!snapshot_verify(&snapshot, &err))
            use_snapshot(&snapshot);
        else
            HOLDS(*err.text);
        snapshot_close(&snapshot);
    }
    undo_changes(&changes);
    return 0;
}
