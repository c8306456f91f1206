#include "fuzz/changed_file.h"

#include "fuzz/fuzz.h"
#include "fuzz/small.h"
#include "snapshot/sections.h"
#include "snapshot/write.h"
#include "util/utf8.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define MAX_CHANGES 24
#define MAX_SHIFTED 4096 /* The most words of a section that `shifted` has. */
#define MORE        4096 /* The most bytes that a file is longer than the good one. */

enum { CHANGE_HEADER, CHANGE_SIZE, CHANGE_CHILD, CHANGE_ANY, CHANGE_SECTION };
enum { KEEP_HEADER_SUM = 1, KEEP_CONTENT_SUM = 2, KEEP_SIZE = 4 };

static const char text[] = CHANGED_FILE_TEXT;

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
    uint32_t labels[sizeof text]; /* The labels of the text. */
    size_t n_labels;
} file;

/* What the present input has changed. */
static struct {
    size_t n;                  /* The number of changed words. */
    uint64_t *at[MAX_CHANGES]; /* The changed words. */
    bool moved;                /* Whether a section has another place or size. */
} changes;

bool changed_file_untraced;

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
    for (size_t at = 0; at < sizeof text - 1;) {
        at += utf8_read(text + at, sizeof text - 1 - at, &code);
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

char *changed_file_content(size_t *size)
{
    *size = file.size_now;
    return file.at;
}

bool changed_file_keeps_range(struct snapshot_range range)
{
    for (size_t i = 0; i < changes.n; i++) {
        size_t offset = (size_t)((char *)changes.at[i] - file.at);
        if (offset - range.offset < range.size)
            return false;
    }
    return !changes.moved;
}

bool changed_file_keeps(enum snapshot_section which)
{
    return changed_file_keeps_range(((struct snapshot_header *)file.good)->sections[which]);
}

bool changed_file_keeps_part(enum snapshot_part part)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (section_of((enum snapshot_section)i)->part == part &&
            !changed_file_keeps((enum snapshot_section)i))
            return false;
    }
    return true;
}

uint64_t changed_file_sum(void)
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

/* Choose a child of some node, whether it exists or not: by any label, or by one that the text has. Makes
 * `*value` a unit for it. */
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
        header->checksum = changed_file_sum();
    if (!(keep & KEEP_HEADER_SUM))
        header->header_checksum =
            XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum));
}

void changed_file_apply(struct str input)
{
    if (!file.at) {
        make_file();
        set_size(file.size);
    }
    unsigned char keep = fuzz_byte(&input);
    apply_changes(input);
    correct_header(keep);
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

void changed_file_set_apart(struct snapshot *snapshot)
{
    if (changes.moved)
        return;
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const void *at = file.apart[i];
        copy_changes((enum snapshot_section)i, file.at);
        if (section_bytes(snapshot, (enum snapshot_section)i).len > 0)
            memcpy((char *)snapshot + section_of((enum snapshot_section)i)->pointer, &at,
                   sizeof at);
    }
}

void changed_file_undo(void)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++)
        copy_changes((enum snapshot_section)i, file.good);
    if (file.size_now != file.size)
        ASAN_UNPOISON_MEMORY_REGION(file.at, file.size);
    for (size_t i = 0; i < changes.n; i++)
        memcpy(changes.at[i], file.good + ((char *)changes.at[i] - file.at), 8);
    memcpy(file.at, file.good, sizeof(struct snapshot_header));
    if (file.size_now != file.size)
        set_size(file.size);
    changes.n = 0;
}
