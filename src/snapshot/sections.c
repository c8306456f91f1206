#include "snapshot/sections.h"

#include "segmenter/pos.h"

#include <assert.h>
#include <string.h>

/* The field of struct snapshot that points at the elements, and the one that has their number. */
#define ELEMENTS(field)                                                                            \
    .pointer = offsetof(struct snapshot, field), .element = sizeof *((struct snapshot *)NULL)->field
#define COUNT(field)                                                                               \
    .count = offsetof(struct snapshot, field), .count_size = sizeof((struct snapshot *)NULL)->field

/* The entries of the last character end with the section. */
static bool pos_entries_fit(const struct snapshot *snapshot)
{
    const struct pos_model *pos = &snapshot->dict.pos;
    return !pos->base || pos->base->ends[DICT_HAN_COUNT - 1] == pos->n_entries;
}

/* The last URL ends with the section. */
static bool image_text_fits(const struct snapshot *snapshot)
{
    uint32_t n = snapshot->n_images;
    return n == 0 || snapshot->image_ends[n - 1] == snapshot->image_text_size;
}

static const struct section sections[] = {
    [SNAPSHOT_UNITS] = {"units", SNAPSHOT_PART_WORDS, ELEMENTS(dict.units), COUNT(dict.n_units),
                        .min = DICT_LABELS + 1, .verify = verify_units},
    [SNAPSHOT_LOG_PROBS] = {"log_probs", SNAPSHOT_PART_WORDS, ELEMENTS(dict.log_probs),
                            COUNT(dict.n_probs), .min = 2, .max = DICT_MAX_PROBS},
    [SNAPSHOT_TAGS] = {"tags", SNAPSHOT_PART_WORDS, ELEMENTS(dict.tags), COUNT(dict.n_units),
                       .verify = verify_tags},
    [SNAPSHOT_TAG_NAMES] = {"tag_names", SNAPSHOT_PART_WORDS, ELEMENTS(dict.tag_names),
                            COUNT(dict.n_tags), .min = 1, .max = UINT16_MAX,
                            .verify = verify_tag_names},
    [SNAPSHOT_HMM] = {"hmm", SNAPSHOT_PART_MODEL, ELEMENTS(dict.hmm), .min = 1, .max = 1},
    [SNAPSHOT_POS] = {"pos", SNAPSHOT_PART_MODEL, ELEMENTS(dict.pos.base), .max = 1,
                      .verify = verify_pos},
    [SNAPSHOT_POS_ENTRIES] = {"pos_entries", SNAPSHOT_PART_MODEL, ELEMENTS(dict.pos.entries),
                              COUNT(dict.pos.n_entries), .fits = pos_entries_fit,
                              .verify = verify_pos_entries},
    [SNAPSHOT_POS_LOGS] = {"pos_logs", SNAPSHOT_PART_MODEL, ELEMENTS(dict.pos.logs),
                           COUNT(dict.pos.n_logs), .min = 1, .max = POS_MAX_LOGS},
    [SNAPSHOT_IMAGE_ENDS] = {"image_ends", SNAPSHOT_PART_IMAGES, ELEMENTS(image_ends),
                             COUNT(n_images), .verify = verify_image_ends},
    [SNAPSHOT_IMAGE_TEXT] = {"image_text", SNAPSHOT_PART_IMAGES, ELEMENTS(image_text),
                             COUNT(image_text_size), .fits = image_text_fits,
                             .verify = verify_image_text},
    [SNAPSHOT_IDF_VALUES] = {"idf_values", SNAPSHOT_PART_KEYWORDS, ELEMENTS(weights.values),
                             COUNT(weights.n_values), .min = 1, .max = WORD_TABLE_MAX_NUMBER - 1},
    [SNAPSHOT_IDF_BLOCKS] = {"idf_blocks", SNAPSHOT_PART_KEYWORDS, ELEMENTS(weights.idf.blocks),
                             COUNT(weights.idf.n_blocks)},
    [SNAPSHOT_IDF_WORDS] = {"idf_words", SNAPSHOT_PART_KEYWORDS, ELEMENTS(weights.idf.text),
                            COUNT(weights.idf.size), .verify = verify_idf_words},
    [SNAPSHOT_STOP_BLOCKS] = {"stop_blocks", SNAPSHOT_PART_KEYWORDS,
                              ELEMENTS(weights.stop_words.blocks),
                              COUNT(weights.stop_words.n_blocks)},
    [SNAPSHOT_STOP_WORDS] = {"stop_words", SNAPSHOT_PART_KEYWORDS,
                             ELEMENTS(weights.stop_words.text), COUNT(weights.stop_words.size),
                             .verify = verify_stop_words},
    [SNAPSHOT_FREQS] = {"freqs", SNAPSHOT_PART_WORDS, ELEMENTS(dict.freqs), COUNT(dict.n_probs)},
    [SNAPSHOT_PHRASES] = {"phrases", SNAPSHOT_PART_WORDS, ELEMENTS(dict.phrases),
                          COUNT(dict.n_phrases), .min = DICT_PHRASE_LABELS + 1,
                          .may_be_empty = true, .verify = verify_phrases},
    [SNAPSHOT_PHRASE_TAGS] = {"phrase_tags", SNAPSHOT_PART_WORDS, ELEMENTS(dict.phrase_tags),
                              COUNT(dict.n_phrases), .verify = verify_phrase_tags},
    [SNAPSHOT_LISTS] = {"lists", SNAPSHOT_PART_IMAGES, ELEMENTS(lists), COUNT(n_lists),
                        .verify = verify_lists},
    [SNAPSHOT_CHOICES] = {"choices", SNAPSHOT_PART_IMAGES, ELEMENTS(choices), COUNT(n_choices),
                          .verify = verify_choices},
    [SNAPSHOT_FORBIDDEN_BLOCKS] = {"forbidden_blocks", SNAPSHOT_PART_WORDS,
                                   ELEMENTS(dict.forbidden.blocks), COUNT(dict.forbidden.n_blocks)},
    [SNAPSHOT_FORBIDDEN_WORDS] = {"forbidden_words", SNAPSHOT_PART_WORDS,
                                  ELEMENTS(dict.forbidden.text), COUNT(dict.forbidden.size),
                                  .verify = verify_forbidden_words},
    [SNAPSHOT_IMAGE_SETTINGS] = {"image_settings", SNAPSHOT_PART_IMAGES, ELEMENTS(image_settings),
                                 .min = 1, .max = 1},
};

static_assert(sizeof sections / sizeof *sections == SNAPSHOT_SECTIONS, "every section needs a row");

const struct section *section_of(enum snapshot_section which)
{
    return &sections[which];
}

static const void *get_elements(const struct snapshot *snapshot, const struct section *section)
{
    const void *elements;
    memcpy(&elements, (const char *)snapshot + section->pointer, sizeof elements);
    return elements;
}

static void set_elements(struct snapshot *snapshot, const struct section *section,
                         const void *elements)
{
    memcpy((char *)snapshot + section->pointer, &elements, sizeof elements);
}

static uint64_t get_count(const struct snapshot *snapshot, const struct section *section)
{
    const char *field = (const char *)snapshot + section->count;
    if (section->count_size == 0)
        return get_elements(snapshot, section) ? 1 : 0;
    if (section->count_size == sizeof(uint32_t))
        return *(const uint32_t *)(const void *)field;
    return *(const size_t *)(const void *)field;
}

/* The largest number of elements of a section. */
static uint64_t max_count(const struct section *section)
{
    if (section->max)
        return section->max;
    return section->count_size == sizeof(uint32_t) ? UINT32_MAX : SIZE_MAX;
}

static void set_count(struct snapshot *snapshot, const struct section *section, uint64_t n)
{
    char *field = (char *)snapshot + section->count;
    if (section->count_size == sizeof(uint32_t))
        *(uint32_t *)(void *)field = (uint32_t)n;
    else if (section->count_size)
        *(size_t *)(void *)field = (size_t)n;
}

struct str section_bytes(const struct snapshot *snapshot, enum snapshot_section which)
{
    const struct section *section = &sections[which];
    size_t size = (size_t)get_count(snapshot, section) * section->element;
    return (struct str){size ? get_elements(snapshot, section) : "", size};
}

void sections_share(struct snapshot *to, const struct snapshot *from, enum snapshot_part part)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (sections[i].part != part)
            continue;
        set_elements(to, &sections[i], get_elements(from, &sections[i]));
        set_count(to, &sections[i], get_count(from, &sections[i]));
    }
}

/* The end of what stands before a section: of the section before it, or of the header. */
static uint64_t end_before(const struct snapshot *snapshot, enum snapshot_section which)
{
    if (which == 0)
        return sizeof *snapshot->header;
    struct snapshot_range range = snapshot->header->sections[which - 1];
    return range.offset + range.size;
}

/* Set the fields of one section, and check its range and its size. The ranges of the sections before
 * it have been checked. */
static int find_section(struct snapshot *snapshot, enum snapshot_section which, struct err *err)
{
    const struct section *section = &sections[which];
    struct snapshot_range range = snapshot->header->sections[which];
    if (range.offset > snapshot->size || range.size > snapshot->size - range.offset)
        return err_set(err, "section %s lies outside the file", section->name);
    if (range.offset % SNAPSHOT_ALIGN)
        return err_set(err, "section %s is not aligned", section->name);
    uint64_t n = range.size / section->element;
    bool is_allowed = n >= section->min || (n == 0 && section->may_be_empty);
    if (range.size % section->element || n > max_count(section) || !is_allowed)
        return err_set(err, "section %s cannot have %llu bytes", section->name,
                       (unsigned long long)range.size);
    if (range.offset < end_before(snapshot, which))
        return err_set(err, "section %s begins before the end of the one before it", section->name);
    bool is_absent = section->count_size == 0 && n == 0;
    set_elements(snapshot, section,
                 is_absent ? NULL : (const char *)snapshot->header + range.offset);
    set_count(snapshot, section, n);
    return 0;
}

/* Whether a section has the number of elements that other sections say. Sections that share a count
 * have overwritten each other's number, so all but the last one notice a difference. */
static bool agrees(const struct snapshot *snapshot, enum snapshot_section which)
{
    const struct section *section = &sections[which];
    uint64_t n = snapshot->header->sections[which].size / section->element;
    return n == get_count(snapshot, section) && (!section->fits || section->fits(snapshot));
}

int sections_find(struct snapshot *snapshot, struct err *err)
{
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (find_section(snapshot, (enum snapshot_section)i, err))
            return -1;
    }
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (!agrees(snapshot, (enum snapshot_section)i))
            return err_set(err, "the size of section %s does not agree with other sections",
                           sections[i].name);
    }
    return 0;
}

int sections_verify(const struct snapshot *snapshot, struct err *err)
{
    struct err reason;
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        if (sections[i].verify && sections[i].verify(snapshot, &reason))
            return err_set(err, "section %s: %s", sections[i].name, reason.text);
    }
    return 0;
}
