/*
 * The checks of snapshot_open() and snapshot_verify(), one defect at a time: each test changes one
 * thing in a good file, corrects both checksums, and expects the reason for it. And the functions
 * that read and write by the table of sections.
 */
#include "fuzz/fuzz.h"
#include "fuzz/small.h"
#include "lexicon/dict_builder.h"
#include "segmenter/pos.h"
#include "snapshot/sections.h"
#include "snapshot/write.h"
#include "tap.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* The file under test: its good content, and a mapping that changes it. */
static struct {
    char path[64];
    size_t size;
    char *good;
    char *at;
    struct snapshot_header *header; /* The start of the mapping. */
} file;

/* Put the phrase "New York" into the dictionary of a snapshot. Returns the owner of its memory. */
static struct dict_builder *add_phrase(struct snapshot *snapshot)
{
    struct err err;
    struct dict phrases = {0};
    struct dict_builder *builder = dict_builder_new(true, &err);
    HOLDS(builder && !dict_builder_add(builder, str_of("New York"), 1, str_of("n"), &err));
    HOLDS(!dict_builder_finish(builder, 0, &phrases, &err));
    snapshot->dict.phrases = phrases.phrases;
    snapshot->dict.phrase_tags = phrases.phrase_tags;
    snapshot->dict.n_phrases = phrases.n_phrases;
    return builder;
}

static void map_file(void)
{
    struct stat st;
    int fd = open(file.path, O_RDWR | O_CLOEXEC);
    HOLDS(fd >= 0 && !fstat(fd, &st));
    file.size = (size_t)st.st_size;
    file.at = mmap(NULL, file.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    file.good = malloc(file.size);
    HOLDS(file.at != MAP_FAILED && file.good);
    file.header = (struct snapshot_header *)file.at;
    memcpy(file.good, file.at, file.size);
    close(fd);
}

static void restore_file(void)
{
    memcpy(file.at, file.good, file.size);
}

static void correct_checksums(void)
{
    struct snapshot_header *header = file.header;
    header->checksum = XXH3_64bits(header + 1, file.size - sizeof *header);
    header->header_checksum =
        XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum));
}

/* Every section of the mapped file has the bytes that were written. */
static void test_round_trip(const struct snapshot *written)
{
    struct snapshot mapped, shared = {0};
    struct err err = {""};
    ok(!snapshot_open(&mapped, file.path, &err) && !snapshot_verify(&mapped, &err),
       "snapshot_verify() accepts a good snapshot%s", err.text);
    for (int part = 0; part < SNAPSHOT_PARTS; part++)
        sections_share(&shared, &mapped, (enum snapshot_part)part);
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        enum snapshot_section which = (enum snapshot_section)i;
        struct str bytes = section_bytes(written, which);
        ok(bytes.len && str_eq(section_bytes(&mapped, which), bytes),
           "section %s is read as it was written", section_of(which)->name);
        ok(section_bytes(&shared, which).at == section_bytes(&mapped, which).at,
           "section %s is shared with the snapshot it is carried over from",
           section_of(which)->name);
    }
    snapshot_close(&mapped);
}

/* Expect that snapshot_open() refuses the changed file for a reason, and undo the change. */
static void expect_unopened(const char *name, const char *change, const char *reason)
{
    struct snapshot snapshot;
    struct err err = {""};
    correct_checksums();
    int status = snapshot_open(&snapshot, file.path, &err);
    if (!ok(status && strstr(err.text, reason), "snapshot_open() refuses section %s that %s", name,
            change))
        printf("# the reason is '%s', expected '%s'\n", err.text, reason);
    snapshot_close(&snapshot);
    restore_file();
}

/* Whether a section may have `n` elements. */
static bool is_allowed(const struct section *section, uint64_t n)
{
    return (n >= section->min || (n == 0 && section->may_be_empty)) &&
           (!section->max || n <= section->max);
}

/* Change the range of a section in the header, in each way that is not allowed. */
static void test_range(enum snapshot_section which)
{
    const struct section *section = section_of(which);
    struct snapshot_range *range = &file.header->sections[which];
    uint64_t n = range->size / section->element;
    range->offset = file.size + SNAPSHOT_ALIGN;
    expect_unopened(section->name, "begins behind the end of the file", "lies outside the file");
    range->size = UINT64_MAX - range->offset + 1;
    expect_unopened(section->name, "ends behind the end of the file", "lies outside the file");
    range->offset += 8;
    range->size = 0;
    expect_unopened(section->name, "is not aligned", "is not aligned");
    range->offset = which ? range[-1].offset : 0;
    expect_unopened(section->name, "overlaps the one before it", "begins before the end");
    if (section->element > 1) {
        range->size--;
        expect_unopened(section->name, "ends within an element", "cannot have");
    }
    if (section->min && !is_allowed(section, section->min - 1)) {
        range->size = (section->min - 1) * section->element;
        expect_unopened(section->name, "has too few elements", "cannot have");
    }
    uint64_t too_many = (section->max + 1) * section->element;
    if (section->max && too_many <= file.size) {
        *range = (struct snapshot_range){0, too_many};
        expect_unopened(section->name, "has too many elements", "cannot have");
    }
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const struct section *other = section_of((enum snapshot_section)i);
        bool must_agree = other != section && section->count_size &&
                          other->count == section->count && is_allowed(section, n - 1);
        if (must_agree || (other == section && section->fits)) {
            range->size -= section->element;
            expect_unopened(section->name, "is shorter than another section says",
                            "does not agree with other sections");
        }
    }
}

/* A change of one number in a section: it becomes (old & keep) | set. */
struct defect {
    const char *name;
    enum snapshot_section section; /* Or HEADER. */
    size_t offset;                 /* Bytes from the start of the section. */
    size_t width;                  /* The size of the number in bytes: 1, 2, 4 or 8. */
    uint64_t keep, set;
    const char *reason;
};

#define HEADER   SNAPSHOT_SECTIONS
#define LABEL    UINT64_C(0xFFFF)
#define PROB     UINT64_C(0xFFFFFF0000)
#define BASE     UINT64_C(0xFFFFFF0000000000)
#define LIST(i)  ((i) * sizeof(struct snapshot_list))
#define CHOICE   sizeof(struct snapshot_choice)
#define IN(s, f) offsetof(struct s, f), sizeof((struct s *)NULL)->f

static const struct defect defects[] = {
    {"a unit with label 0", SNAPSHOT_UNITS, 40, 8, ~LABEL, 0, "units: unit 5 has label 0"},
    {"the last unit with label 0", SNAPSHOT_UNITS, 160000, 8, ~LABEL, 0, "has label 0"},
    {"a unit with a base near the end", SNAPSHOT_UNITS, 40, 8, ~BASE, BASE,
     "units: unit 5 has its base outside the array"},
    {"a unit with a probability index out of range", SNAPSHOT_UNITS, 40, 8, ~PROB, PROB,
     "units: unit 5 has a probability index out of range"},
    {"a unit with a tag out of range", SNAPSHOT_TAGS, 6, 2, 0, 0xFFFF,
     "tags: unit 3 has a tag without a name"},
    {"a tag name that is not ASCII", SNAPSHOT_TAG_NAMES, TAG_SIZE + 1, 1, 0, 0x80,
     "tag_names: the name of tag 1 is not ASCII"},
    {"entries of characters out of order", SNAPSHOT_POS, IN(pos_base, ends[100]), 0, UINT32_MAX,
     "pos: the entries of character 101 end before they begin"},
    {"a tag name of the model that is not ASCII", SNAPSHOT_POS, IN(pos_base, names[63].text[15]), 0,
     0xFF, "pos: the name of tag 63 is not ASCII"},
    {"an entry with a log probability out of range", SNAPSHOT_POS_ENTRIES, 8, 4, 0, UINT32_MAX,
     "pos_entries: entry 2 has a log probability out of range"},
    {"images out of order", SNAPSHOT_IMAGE_ENDS, 0, 8, 0, UINT64_MAX,
     "image_ends: image 1 ends before it begins"},
    {"a URL with a line break", SNAPSHOT_IMAGE_TEXT, 3, 1, 0, '\n',
     "image_text: image 0 has a space or a control character"},
    {"a URL with a space", SNAPSHOT_IMAGE_TEXT, 3, 1, 0, ' ', "a space or a control character"},
    {"a URL with DEL", SNAPSHOT_IMAGE_TEXT, 3, 1, 0, 127, "a space or a control character"},
    {"words of idf that begin with their second block", SNAPSHOT_IDF_BLOCKS, 0, 4, 0, 1,
     "idf_words: a table of words does not begin with a block"},
    {"a word of idf without a value", SNAPSHOT_IDF_WORDS, 5, 1, 0, 0, "idf_words: block 0"},
    {"a word of idf with a value out of range", HEADER,
     IN(snapshot_header, sections[SNAPSHOT_IDF_VALUES].size), 0, 800, "idf_words: block 0"},
    {"words of idf out of order", SNAPSHOT_IDF_WORDS, 2, 1, 0, 0xFF, "idf_words: block 0"},
    {"a word of idf that ends behind its block", SNAPSHOT_IDF_WORDS, 1, 1, 0, 0xFF,
     "idf_words: block 0"},
    {"stop words that begin with their second block", SNAPSHOT_STOP_BLOCKS, 0, 4, 0, 1,
     "stop_words: a table of words does not begin with a block"},
    {"a stop word with a value", SNAPSHOT_STOP_WORDS, 5, 1, 0, 1, "stop_words: block 0"},
    {"a unit of a phrase with label 0", SNAPSHOT_PHRASES, 40, 8, ~LABEL, 0,
     "phrases: unit 5 has label 0"},
    {"a unit of a phrase with a base near the end", SNAPSHOT_PHRASES, 40, 8, ~BASE, BASE,
     "phrases: unit 5 has its base outside the array"},
    {"a unit of a phrase with a probability index out of range", SNAPSHOT_PHRASES, 40, 8, ~PROB,
     PROB, "phrases: unit 5 has a probability index out of range"},
    {"a unit of a phrase with a tag out of range", SNAPSHOT_PHRASE_TAGS, 6, 2, 0, 0xFFFF,
     "phrase_tags: unit 3 has a tag without a name"},
    {"a tag of images with a NUL inside", SNAPSHOT_LISTS, LIST(1) + 5, 1, 0, 'x',
     "lists: the tag of list 1 has a NUL inside"},
    {"two lists of images with the same tag", SNAPSHOT_LISTS, LIST(1), 8, 0, 0,
     "lists: the tag of list 1 is out of order"},
    {"a list of images without choices", SNAPSHOT_LISTS, IN(snapshot_list, n), 0, 0,
     "lists: the choices of list 0 are out of range"},
    {"a list of images with too many choices", SNAPSHOT_LISTS, IN(snapshot_list, n), 0, UINT32_MAX,
     "lists: the choices of list 0 are out of range"},
    {"a list of images that begins behind the choices", SNAPSHOT_LISTS, IN(snapshot_list, first), 0,
     UINT32_MAX, "lists: the choices of list 0 are out of range"},
    {"an alias outside its list", SNAPSHOT_CHOICES, IN(snapshot_choice, alias), 0, 3,
     "choices: list 0: choice 0 has its alias outside the list"},
    {"a threshold above the total", SNAPSHOT_CHOICES, IN(snapshot_choice, threshold), 0, 17,
     "choices: list 0: choice 0 has a threshold above the total"},
    {"a choice without weight", SNAPSHOT_CHOICES, CHOICE + IN(snapshot_choice, end), 0, 1,
     "choices: list 0: choice 1 has no weight"},
    {"weights below the total", SNAPSHOT_LISTS, IN(snapshot_list, total), 0, 17,
     "choices: list 0: the weights do not add up to the total"},
    {"forbidden words that begin with their second block", SNAPSHOT_FORBIDDEN_BLOCKS, 0, 4, 0, 1,
     "forbidden_words: a table of words does not begin with a block"},
    {"a forbidden word with a value", SNAPSHOT_FORBIDDEN_WORDS, 8, 1, 0, 1,
     "forbidden_words: block 0"},
    {"a choice without an image", SNAPSHOT_CHOICES, IN(snapshot_choice, image), 0, 3,
     "choices: list 0: choice 0 has no image"},
};

static void apply(const struct defect *defect, char *at)
{
    uint64_t wide;
    uint32_t word;
    uint16_t half;
    switch (defect->width) {
    case 8:
        memcpy(&wide, at, sizeof wide);
        wide = (wide & defect->keep) | defect->set;
        memcpy(at, &wide, sizeof wide);
        break;
    case 4:
        word = (uint32_t)defect->set;
        memcpy(at, &word, sizeof word);
        break;
    case 2:
        half = (uint16_t)defect->set;
        memcpy(at, &half, sizeof half);
        break;
    default:
        *at = (char)defect->set;
    }
}

static void test_defect(const struct defect *defect)
{
    struct snapshot snapshot;
    struct err err = {""};
    struct snapshot_range range = {0, sizeof *file.header};
    if (defect->section != HEADER)
        range = file.header->sections[defect->section];
    HOLDS(defect->offset + defect->width <= range.size);
    apply(defect, file.at + range.offset + defect->offset);
    correct_checksums();
    int opened = snapshot_open(&snapshot, file.path, &err);
    int status = opened ? 0 : snapshot_verify(&snapshot, &err);
    if (!ok(status && strstr(err.text, defect->reason), "snapshot_verify() refuses %s",
            defect->name))
        printf("# the reason is '%s', expected '%s'\n", err.text, defect->reason);
    snapshot_close(&snapshot);
    restore_file();
}

/* The highest base is one from which the last label leads to the last unit. */
static void test_highest_base(enum snapshot_section section, uint64_t n_labels)
{
    const struct snapshot_range *range = &file.header->sections[section];
    uint64_t n = range->size / sizeof(dict_unit);
    struct defect defect = {"a base one unit too far",
                            section,
                            40,
                            8,
                            ~BASE,
                            (n - n_labels + 1) << 40,
                            "unit 5 has its base outside the array"};
    test_defect(&defect);
}

/* Make a file beside the snapshot. Returns its descriptor. */
static int make_beside(char path[PATH_MAX], const char *suffix)
{
    snprintf(path, PATH_MAX, "%s%s", file.path, suffix);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    HOLDS(fd >= 0);
    return fd;
}

/* Writing a snapshot removes the temporary files of writers that were killed, and no other files. */
static void test_leftovers(const struct snapshot *good)
{
    static const char *const suffixes[] = {".new-AbC123", ".new-aaaaaa", ".new-aaaaaaa",
                                           ".new-aaaaa",  ".backup",     ".AbC123"};
    static const char *const names[] = {
        "the temporary file of a writer that was killed is removed",
        "the temporary file of a writer that runs is kept",
        "a file whose name is one character too long for a temporary file is kept",
        "a file whose name is one character too short for a temporary file is kept",
        "a copy of the snapshot is kept",
        "a file with six other characters is kept"};
    char paths[sizeof suffixes / sizeof *suffixes][PATH_MAX];
    int lock = -1;
    struct err err;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        int fd = make_beside(paths[i], suffixes[i]);
        if (i == 1)
            HOLDS(!flock(lock = fd, LOCK_EX));
        else
            close(fd);
    }
    ok(!snapshot_write(file.path, good, &(struct snapshot_revisions){0}, &err),
       "a snapshot is written beside temporary files");
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        ok((access(paths[i], F_OK) == 0) == (i != 0), "%s", names[i]);
        unlink(paths[i]);
    }
    close(lock);
}

int main(void)
{
    struct err err;
    char directory[] = "/tmp/serverful-unit-XXXXXX";
    struct snapshot good = *small_snapshot();
    struct dict_builder *phrases = add_phrase(&good);
    tap_plan(224);
    HOLDS(mkdtemp(directory));
    snprintf(file.path, sizeof file.path, "%s/snapshot", directory);
    HOLDS(!snapshot_write(file.path, &good, &(struct snapshot_revisions){0}, &err));
    map_file();
    test_round_trip(&good);
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++)
        test_range((enum snapshot_section)i);
    for (size_t i = 0; i < sizeof defects / sizeof *defects; i++)
        test_defect(&defects[i]);
    test_highest_base(SNAPSHOT_UNITS, DICT_LABELS);
    test_highest_base(SNAPSHOT_PHRASES, DICT_PHRASE_LABELS);
    test_leftovers(&good);
    unlink(file.path);
    ok(rmdir(directory) == 0, "nothing is left beside the snapshot");
    munmap(file.at, file.size);
    free(file.good);
    dict_builder_free(phrases);
    return tap_done();
}
