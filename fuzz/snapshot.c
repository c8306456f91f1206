/*
 * snapshot: changes a good snapshot file and uses the result. The first byte of the input says
 * whether to correct the checksums and the size after the changes, so that the other checks are
 * reached. Each change takes ten bytes: the kind, the place, and eight bytes of a new value. One kind
 * adds or changes a child of a node of the trie. A file that snapshot_open() and snapshot_verify()
 * accept is read by everything that reads snapshots.
 *
 * What does not depend on the input is not done again for each one. The linker's --wrap replaces the
 * system calls of snapshot.c, so that the file is memory that ASan watches to its last byte; the
 * checksum of the content, which is made of the changes alone; and the checks of the three large
 * sections, which are left out where the input has changed nothing that they read. So are the uses of
 * a snapshot that read no changed section.
 */
#include "snapshot/snapshot.h"
#include "fuzz/fuzz.h"
#include "fuzz/small.h"
#include "segmenter/keywords.h"
#include "segmenter/pos.h"
#include "segmenter/segment.h"
#include "segmenter/tag.h"
#include "snapshot/images.h"
#include "snapshot/sections.h"
#include "snapshot/write.h"
#include "util/utf8.h"

#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define MAX_CHANGES 24
#define MAX_SHIFTED 4096      /* The most words of a section that `shifted` has. */
#define MORE        4096      /* The most bytes that a file is longer than the good one. */
#define FILE_FD     (1 << 20) /* A descriptor that the process does not have. */
#define FILE_PATH   "/fuzz/snapshot"

enum { CHANGE_HEADER, CHANGE_SIZE, CHANGE_CHILD, CHANGE_ANY, CHANGE_SECTION };
enum { KEEP_HEADER_SUM = 1, KEEP_CONTENT_SUM = 2, KEEP_SIZE = 4 };

/* The text that is cut. */
static const char text_to_cut[] =
    "我来到北京清华大学，研究生命起源的C++ AT&T 1.5%aaaa\n一一一一一B超𠀀龥，清";

/* The words of a section that differ from the word before them. The others are all alike, such as the
 * units that are not in use. */
struct shifted {
    size_t n;
    uint32_t at[MAX_SHIFTED];
};

/* The file under test. */
static struct {
    size_t size; /* Bytes of the good file. */
    size_t size_now;
    char *good; /* The good content, and MORE zeros. */
    char *at;   /* The content under test, in as much memory. */
    struct shifted shifted[SNAPSHOT_SECTIONS];
    char *apart[SNAPSHOT_SECTIONS]; /* The good sections, each in memory of its own. */
    uint32_t *nodes;                /* The units of the good file that have a base. */
    size_t n_nodes;
    uint32_t labels[sizeof text_to_cut]; /* The labels of the text. */
    size_t n_labels;
} file;

/* What the present input has changed. */
static struct {
    size_t n;                  /* The number of changed words. */
    uint64_t *at[MAX_CHANGES]; /* The changed words. */
    bool moved;                /* Whether a section has another place or size. */
} changes;

/* Whether libFuzzer is not told of comparisons. They take most of the time of a check that compares each
 * of 20,000 elements, and of segmenting, and teach little there. */
static bool is_untraced;

/* Read the whole file into memory, with MORE zeros behind it. */
static char *read_file(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "r");
    struct stat st;
    HOLDS(stream && !stat(path, &st));
    *size = (size_t)st.st_size;
    char *at = aligned_alloc(MORE, (*size + 2 * MORE - 1) / MORE * MORE);
    HOLDS(at && fread(at, 1, *size, stream) == *size && !fclose(stream));
    memset(at + *size, 0, MORE);
    return at;
}

static uint64_t *good_words(struct snapshot_range range)
{
    return (uint64_t *)(void *)(file.good + range.offset);
}

static void find_shifted(enum snapshot_section which)
{
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[which];
    const uint64_t *words = good_words(range);
    struct shifted *shifted = &file.shifted[which];
    for (size_t i = 0; i < range.size / sizeof *words && shifted->n < MAX_SHIFTED; i++) {
        if (i == 0 || words[i] != words[i - 1])
            shifted->at[shifted->n++] = (uint32_t)i;
    }
}

static void copy_section(enum snapshot_section which)
{
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[which];
    file.apart[which] = malloc(range.size);
    HOLDS(file.apart[which]);
    memcpy(file.apart[which], good_words(range), range.size);
}

static void find_nodes(void)
{
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[SNAPSHOT_UNITS];
    const dict_unit *units = good_words(range);
    file.nodes = malloc(range.size / sizeof *units * sizeof *file.nodes);
    HOLDS(file.nodes);
    for (uint32_t i = 0; i < range.size / sizeof *units; i++) {
        if (dict_unit_base(units[i]))
            file.nodes[file.n_nodes++] = i;
    }
}

/* Find the labels of the text. */
static void find_labels(void)
{
    uint32_t code;
    for (size_t at = 0; at < sizeof text_to_cut - 1;) {
        at += utf8_read(text_to_cut + at, sizeof text_to_cut - 1 - at, &code);
        if (dict_label(code))
            file.labels[file.n_labels++] = dict_label(code);
    }
}

/* Write the small snapshot, and keep its content. */
static void make_file(void)
{
    struct err err;
    char directory[] = "/dev/shm/serverful-fuzz-XXXXXX", path[64];
    HOLDS(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/snapshot", directory);
    HOLDS(!snapshot_write(path, small_snapshot(), &(struct snapshot_revisions){0}, &err));
    file.good = read_file(path, &file.size);
    file.at = read_file(path, &file.size_now);
    unlink(path);
    rmdir(directory);
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        find_shifted((enum snapshot_section)i);
        copy_section((enum snapshot_section)i);
    }
    find_nodes();
    find_labels();
}

static void set_size(size_t size)
{
    ASAN_UNPOISON_MEMORY_REGION(file.at, file.size + MORE);
    ASAN_POISON_MEMORY_REGION(file.at + size, file.size + MORE - size);
    file.size_now = size;
}

/* Whether the input has changed nothing in a range of the good file, nor where the sections are. */
static bool is_range_untouched(struct snapshot_range range)
{
    for (size_t i = 0; i < changes.n; i++) {
        size_t offset = (size_t)((char *)changes.at[i] - file.at);
        if (offset - range.offset < range.size)
            return false;
    }
    return !changes.moved;
}

static bool is_untouched(enum snapshot_section which)
{
    return is_range_untouched(((struct snapshot_header *)file.good)->sections[which]);
}

/* Whether nothing has changed in the names and ends of the model, which are what its check reads. */
static bool is_pos_untouched(void)
{
    uint64_t begin = ((struct snapshot_header *)file.good)->sections[SNAPSHOT_POS].offset;
    struct snapshot_range names = {begin, sizeof((struct pos_base *)NULL)->names};
    struct snapshot_range ends = {begin + offsetof(struct pos_base, ends),
                                  sizeof((struct pos_base *)NULL)->ends};
    return is_range_untouched(names) && is_range_untouched(ends);
}

/* The checksum of the content: that of the good file, unless a word or the size differs. */
static uint64_t content_sum(void)
{
    uint64_t sum = ((struct snapshot_header *)file.good)->checksum;
    sum ^= (file.size_now - file.size) * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < changes.n; i++) {
        size_t offset = (size_t)((char *)changes.at[i] - file.at);
        if (offset < sizeof(struct snapshot_header) || offset + sizeof(uint64_t) > file.size_now)
            continue;
        uint64_t differs = *changes.at[i] ^ *(uint64_t *)(void *)(file.good + offset);
        uint64_t mixed = differs * (offset * 2 + 0x9E3779B97F4A7C15u);
        sum ^= mixed ^ mixed >> 32;
    }
    return sum;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __real_close(int fd);
int __wrap_close(int fd);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset);
int __real_munmap(void *address, size_t size);
int __wrap_munmap(void *address, size_t size);
XXH64_hash_t __real_XXH3_64bits(const void *bytes, size_t size);
XXH64_hash_t __wrap_XXH3_64bits(const void *bytes, size_t size);
verify_section __real_verify_units, __wrap_verify_units;
verify_section __real_verify_tags, __wrap_verify_tags;
verify_section __real_verify_pos, __wrap_verify_pos;

int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return strcmp(path, FILE_PATH) ? __real_open(path, flags, mode) : FILE_FD;
}

int __wrap_fstat(int fd, struct stat *st)
{
    if (fd != FILE_FD)
        return __real_fstat(fd, st);
    *st = (struct stat){.st_mode = S_IFREG | 0644, .st_size = (off_t)file.size_now};
    return 0;
}

int __wrap_close(int fd)
{
    return fd == FILE_FD ? 0 : __real_close(fd);
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (fd != FILE_FD)
        return __real_mmap(address, size, protection, flags, fd, offset);
    HOLDS(size == file.size_now && offset == 0 && protection == PROT_READ);
    return file.at;
}

int __wrap_munmap(void *address, size_t size)
{
    if (address != file.at)
        return __real_munmap(address, size);
    HOLDS(size == file.size_now);
    return 0;
}

XXH64_hash_t __wrap_XXH3_64bits(const void *bytes, size_t size)
{
    size_t head = sizeof(struct snapshot_header);
    if (!file.at || bytes != file.at + head)
        return __real_XXH3_64bits(bytes, size);
    HOLDS(size == file.size_now - head);
    return content_sum();
}

/* Verify a large section, unless the result must be that of the good file. */
static int verify_large(bool is_good, verify_section *verify, const struct snapshot *snapshot,
                        struct err *err)
{
    if (is_good)
        return 0;
    is_untraced = true;
    int status = verify(snapshot, err);
    is_untraced = false;
    return status;
}

int __wrap_verify_units(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(is_untouched(SNAPSHOT_UNITS), __real_verify_units, snapshot, err);
}

int __wrap_verify_tags(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(is_untouched(SNAPSHOT_TAGS), __real_verify_tags, snapshot, err);
}

int __wrap_verify_pos(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(is_pos_untouched(), __real_verify_pos, snapshot, err);
}

/* The function of libFuzzer that instrumented code calls at a comparison. */
#define TRACE(name, type)                                                                          \
    void __real_##name(type a, type b);                                                            \
    void __wrap_##name(type a, type b);                                                            \
    __attribute__((no_sanitize("coverage"))) void __wrap_##name(type a, type b)                    \
    {                                                                                              \
        if (!is_untraced)                                                                          \
            __real_##name(a, b);                                                                   \
    }

TRACE(__sanitizer_cov_trace_cmp4, uint32_t)
TRACE(__sanitizer_cov_trace_cmp8, uint64_t)
TRACE(__sanitizer_cov_trace_const_cmp1, uint8_t)
TRACE(__sanitizer_cov_trace_const_cmp4, uint32_t)
TRACE(__sanitizer_cov_trace_const_cmp8, uint64_t)

/* Choose a word of a section: one of the first 256, or one of those that differ from the word before
 * them. */
static uint64_t *pick_in_section(unsigned kind, unsigned char place)
{
    unsigned which = (kind - CHANGE_SECTION) % SNAPSHOT_SECTIONS;
    unsigned block = (kind - CHANGE_SECTION) / SNAPSHOT_SECTIONS;
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[which];
    const struct shifted *shifted = &file.shifted[which];
    size_t n = range.size < 8 ? 1 : range.size / 8; /* zeros follow a short section */
    size_t i = place % n;
    if (block > 0 && shifted->n > 0)
        i = shifted->at[((block - 1) * 256 + place) % shifted->n];
    return (uint64_t *)(void *)(file.at + range.offset) + i;
}

/* Choose a child of some node, whether it exists or not: by any label, or by one that the text has. Makes `*value` a unit for it. */
static uint64_t *pick_child(unsigned char place, uint64_t *value)
{
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[SNAPSHOT_UNITS];
    const dict_unit *units = good_words(range);
    uint32_t label = dict_unit_label(*value);
    label = label & 0x8000 ? file.labels[label % file.n_labels] : label % DICT_LABELS;
    uint32_t base = dict_unit_base(*value) % (uint32_t)(range.size / sizeof *units);
    dict_unit node = units[place < file.n_nodes ? file.nodes[place] : 0];
    *value = dict_unit_make(label, dict_unit_prob(*value) % 64, base);
    return (uint64_t *)(void *)(file.at + range.offset) + dict_unit_base(node) + label;
}

static uint64_t *pick_word(unsigned char kind, unsigned char place, uint64_t *value)
{
    uint64_t *words = (uint64_t *)(void *)file.at;
    if (kind == CHANGE_HEADER)
        return &words[place % (sizeof(struct snapshot_header) / sizeof *words)];
    if (kind == CHANGE_CHILD)
        return pick_child(place, value);
    return kind == CHANGE_ANY ? &words[place] : pick_in_section(kind, place);
}

/* Make a change. Returns whether others may follow: a change of the size is the last one. */
static bool apply_change(const char *bytes)
{
    uint64_t value;
    unsigned char kind = (unsigned char)bytes[0], place = (unsigned char)bytes[1];
    memcpy(&value, bytes + 2, sizeof value);
    if (kind == CHANGE_SIZE) {
        set_size(value % (file.size + MORE));
        return false;
    }
    uint64_t *word = pick_word(kind, place, &value);
    *word = value;
    for (size_t i = 0; i < changes.n; i++) {
        if (changes.at[i] == word)
            return true;
    }
    changes.at[changes.n++] = word;
    return true;
}

static void apply_changes(struct str input)
{
    const struct snapshot_header *good = (const struct snapshot_header *)file.good;
    const struct snapshot_header *header = (const struct snapshot_header *)file.at;
    bool more = true;
    for (size_t i = 0; i < MAX_CHANGES && more && input.len >= 10; i++) {
        more = apply_change(input.at);
        input = (struct str){input.at + 10, input.len - 10};
    }
    changes.moved = file.size_now != file.size ||
                    memcmp(good->sections, header->sections, sizeof good->sections) != 0;
}

/* Make size and checksums in the header those of the file, except for those to keep. */
static void correct_header(unsigned char keep)
{
    struct snapshot_header *header = (struct snapshot_header *)file.at;
    if (file.size_now < sizeof *header)
        return;
    if (!(keep & KEEP_SIZE) && file.size_now != file.size)
        header->file_size = file.size_now;
    if (!(keep & KEEP_CONTENT_SUM))
        header->checksum = content_sum();
    if (!(keep & KEEP_HEADER_SUM))
        header->header_checksum =
            XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum));
}

static void undo_changes(void)
{
    if (file.size_now != file.size)
        ASAN_UNPOISON_MEMORY_REGION(file.at, file.size);
    for (size_t i = 0; i < changes.n; i++)
        memcpy(changes.at[i], file.good + ((char *)changes.at[i] - file.at), 8);
    memcpy(file.at, file.good, sizeof(struct snapshot_header));
    if (file.size_now != file.size)
        set_size(file.size);
    changes.n = 0;
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
    static struct segmenter *seg;
    struct err err;
    seg = seg ? seg : segmenter_new();
    for (int hmm = 0; hmm < 2; hmm++)
        HOLDS(!segmenter_tag(seg, dict, str_of(text_to_cut), hmm, sum_tagged, sum, &err));
    for (int mode = SEGMENT_ACCURATE; mode <= SEGMENT_SEARCH; mode++) {
        for (int hmm = 0; hmm < 2; hmm++)
            HOLDS(!segmenter_cut(seg, dict, str_of(text_to_cut), (enum segment_mode)mode, hmm,
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

/* Whether the input has changed nothing in what is compiled from a part of the store. */
static bool is_part_untouched(enum snapshot_part part)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (section_of((enum snapshot_section)i)->part == part &&
            !is_untouched((enum snapshot_section)i))
            return false;
    }
    return true;
}

/* Count the words of the tables, which may be done before the file is verified. */
static void count_words(const struct idf *weights)
{
    const struct word_table *tables[] = {&weights->idf, &weights->stop_words};
    for (size_t i = 0; i < 2; i++) {
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

/* Copy what the input has changed in a section from `content` to the section's own memory. */
static void copy_changes(enum snapshot_section which, const char *content)
{
    struct snapshot_range range = ((struct snapshot_header *)file.good)->sections[which];
    for (size_t i = 0; i < changes.n; i++) {
        size_t offset = (size_t)((char *)changes.at[i] - file.at);
        size_t begin = offset - range.offset, left = range.size - begin;
        if (begin < range.size)
            memcpy(file.apart[which] + begin, content + offset, left < 8 ? left : 8);
    }
}

/* Let the snapshot have each section in memory of its own, so that ASan notices who reads behind one. */
static void set_apart(struct snapshot *snapshot)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const void *at = file.apart[i];
        copy_changes((enum snapshot_section)i, file.at);
        if (section_bytes(snapshot, (enum snapshot_section)i).len > 0)
            memcpy((char *)snapshot + section_of((enum snapshot_section)i)->pointer, &at,
                   sizeof at);
    }
}

static void undo_apart(void)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++)
        copy_changes((enum snapshot_section)i, file.good);
}

/* Do everything whose result the input can have changed. */
static void use_snapshot(const struct snapshot *snapshot)
{
    size_t sum = 0;
    is_untraced = true;
    bool has_dict =
        !is_part_untouched(SNAPSHOT_PART_WORDS) || !is_part_untouched(SNAPSHOT_PART_MODEL);
    if (has_dict)
        cut_all(&snapshot->dict, &sum);
    if (has_dict || !is_part_untouched(SNAPSHOT_PART_KEYWORDS))
        find_keywords(snapshot, &sum);
    if (!is_part_untouched(SNAPSHOT_PART_IMAGES))
        use_images(snapshot, &sum);
    is_untraced = false;
}

static void use_verified(const struct snapshot *snapshot)
{
    struct snapshot apart = *snapshot;
    if (changes.moved) {
        use_snapshot(snapshot);
        return;
    }
    set_apart(&apart);
    use_snapshot(&apart);
    undo_apart();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = fuzz_text(data, size);
    struct snapshot snapshot;
    struct err err;
    if (!file.at) {
        make_file();
        set_size(file.size);
    }
    unsigned char keep = fuzz_byte(&input);
    apply_changes(input);
    correct_header(keep);
    if (!snapshot_open(&snapshot, FILE_PATH, &err)) {
        count_words(&snapshot.weights);
        if (snapshot_verify(&snapshot, &err))
            HOLDS(*err.text);
        else
            use_verified(&snapshot);
        snapshot_close(&snapshot);
    }
    undo_changes();
    return 0;
}
