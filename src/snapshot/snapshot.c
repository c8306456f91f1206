#include "snapshot/snapshot.h"

#include "segmenter/pos.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define REMEDY "make it anew with 'serverful snapshot'"

/* The header's own fields: is this a snapshot that this program can read, and is it whole? */
static int check_header(const struct snapshot_header *header, size_t size, const char *path,
                        struct err *err)
{
    if (memcmp(header->magic, SNAPSHOT_MAGIC, sizeof header->magic) != 0)
        return err_set(err, "%s is not a snapshot: " REMEDY, path);
    if (header->order != SNAPSHOT_ORDER)
        return err_set(err, "%s is from a machine of another byte order: " REMEDY, path);
    if (header->version != SNAPSHOT_VERSION)
        return err_set(err, "%s has format %u, this program reads %u: " REMEDY, path,
                       header->version, SNAPSHOT_VERSION);
    if (header->header_checksum !=
        XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum)))
        return err_set(err, "the header of %s is damaged: " REMEDY, path);
    if (header->file_size != size)
        return err_set(err, "%s has %zu bytes and should have %llu: " REMEDY, path, size,
                       (unsigned long long)header->file_size);
    return 0;
}

/* A section's bytes, or NULL where it is outside of the file or no whole number of elements. */
static const void *section(const struct snapshot *snapshot, enum snapshot_section which,
                           size_t element, size_t *n)
{
    struct snapshot_range range = snapshot->header->sections[which];
    if (range.offset > snapshot->size || range.size > snapshot->size - range.offset ||
        range.offset % SNAPSHOT_ALIGN || range.size % element)
        return NULL;
    *n = (size_t)range.size / element;
    return (const char *)snapshot->header + range.offset;
}

/* The same of posseg's model. Returns whether the sizes fit together. */
static bool find_pos(struct snapshot *snapshot)
{
    struct pos_model *pos = &snapshot->dict.pos;
    size_t n_base = 0, n_entries = 0, n_logs = 0;
    pos->base = section(snapshot, SNAPSHOT_POS, sizeof *pos->base, &n_base);
    pos->entries = section(snapshot, SNAPSHOT_POS_ENTRIES, sizeof *pos->entries, &n_entries);
    pos->logs = section(snapshot, SNAPSHOT_POS_LOGS, sizeof *pos->logs, &n_logs);
    if (!pos->base || !pos->entries || !pos->logs || n_base > 1 || n_entries > UINT32_MAX ||
        n_logs == 0 || n_logs > POS_MAX_LOGS ||
        (n_base && pos->base->ends[DICT_HAN_COUNT - 1] != n_entries))
        return false;
    if (n_base == 0)
        pos->base = NULL;
    pos->n_entries = (uint32_t)n_entries;
    pos->n_logs = (uint32_t)n_logs;
    return true;
}

/* The same for words with spaces and symbols, of which there can be none. */
static bool find_phrases(struct snapshot *snapshot)
{
    struct dict *dict = &snapshot->dict;
    size_t n = 0, n_tags = 0;
    dict->phrases = section(snapshot, SNAPSHOT_PHRASES, sizeof *dict->phrases, &n);
    dict->phrase_tags = section(snapshot, SNAPSHOT_PHRASE_TAGS, sizeof *dict->phrase_tags, &n_tags);
    dict->n_phrases = (uint32_t)n;
    return dict->phrases && dict->phrase_tags && n == n_tags && n <= UINT32_MAX &&
           (n == 0 || n > DICT_PHRASE_LABELS);
}

/* Set a table's pointers into the mapping; false where its sections are not inside. */
static bool find_table(const struct snapshot *snapshot, enum snapshot_section blocks,
                       enum snapshot_section text, struct word_table *table)
{
    table->blocks = section(snapshot, blocks, sizeof *table->blocks, &table->n_blocks);
    table->text = section(snapshot, text, 1, &table->size);
    return table->blocks && table->text;
}

/* The same for all that keywords are weighed with. */
static bool find_weights(const struct snapshot *snapshot, struct idf *weights)
{
    weights->values =
        section(snapshot, SNAPSHOT_IDF_VALUES, sizeof *weights->values, &weights->n_values);
    return weights->values && weights->n_values > 0 && weights->n_values < WORD_TABLE_MAX_NUMBER &&
           find_table(snapshot, SNAPSHOT_IDF_BLOCKS, SNAPSHOT_IDF_WORDS, &weights->idf) &&
           find_table(snapshot, SNAPSHOT_STOP_BLOCKS, SNAPSHOT_STOP_WORDS, &weights->stop_words);
}

/* Set the pointers to the images, and check the sizes that they stand for. */
static bool find_images(struct snapshot *snapshot)
{
    size_t n_images = 0, n_text = 0, n_lists = 0, n_choices = 0;
    snapshot->image_ends =
        section(snapshot, SNAPSHOT_IMAGE_ENDS, sizeof *snapshot->image_ends, &n_images);
    snapshot->image_text = section(snapshot, SNAPSHOT_IMAGE_TEXT, 1, &n_text);
    snapshot->lists = section(snapshot, SNAPSHOT_LISTS, sizeof *snapshot->lists, &n_lists);
    snapshot->choices = section(snapshot, SNAPSHOT_CHOICES, sizeof *snapshot->choices, &n_choices);
    if (!snapshot->image_ends || !snapshot->image_text || !snapshot->lists || !snapshot->choices ||
        n_images > UINT32_MAX || n_lists > UINT32_MAX || n_choices > UINT32_MAX ||
        (n_images && snapshot->image_ends[n_images - 1] != n_text))
        return false;
    snapshot->n_images = (uint32_t)n_images;
    snapshot->n_lists = (uint32_t)n_lists;
    snapshot->n_choices = (uint32_t)n_choices;
    return true;
}

/* Set the pointers into the mapping, and check the sizes that they stand for. */
static int find_sections(struct snapshot *snapshot, const char *path, struct err *err)
{
    struct dict *dict = &snapshot->dict;
    size_t n_units = 0, n_probs = 0, n_freqs = 0, n_hmm = 0, n_tags = 0, n_names = 0;
    dict->units = section(snapshot, SNAPSHOT_UNITS, sizeof *dict->units, &n_units);
    dict->log_probs = section(snapshot, SNAPSHOT_LOG_PROBS, sizeof *dict->log_probs, &n_probs);
    dict->tags = section(snapshot, SNAPSHOT_TAGS, sizeof *dict->tags, &n_tags);
    dict->tag_names = section(snapshot, SNAPSHOT_TAG_NAMES, sizeof *dict->tag_names, &n_names);
    dict->hmm = section(snapshot, SNAPSHOT_HMM, sizeof *dict->hmm, &n_hmm);
    dict->freqs = section(snapshot, SNAPSHOT_FREQS, sizeof *dict->freqs, &n_freqs);
    if (!dict->units || !dict->log_probs || !dict->hmm || n_units <= DICT_LABELS ||
        n_units > UINT32_MAX || n_probs < 2 || n_probs > DICT_MAX_PROBS || !dict->freqs ||
        n_freqs != n_probs || n_hmm != 1 || !dict->tags || n_tags != n_units || !dict->tag_names ||
        n_names < 1 || n_names > UINT16_MAX || !find_phrases(snapshot) || !find_pos(snapshot) ||
        !find_images(snapshot) || !find_weights(snapshot, &snapshot->weights))
        return err_set(err, "the sections of %s do not fit together: " REMEDY, path);
    dict->n_units = (uint32_t)n_units;
    dict->n_probs = (uint32_t)n_probs;
    dict->n_tags = (uint32_t)n_names;
    return 0;
}

/* Map the open file; what is needed of it later is in the mapping, so that the descriptor can go.
 */
static int map_file(struct snapshot *snapshot, int fd, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st))
        return err_errno(err, "cannot read %s", path);
    if (!S_ISREG(st.st_mode) || (size_t)st.st_size < sizeof(struct snapshot_header))
        return err_set(err, "%s is not a snapshot: " REMEDY, path);
    snapshot->size = (size_t)st.st_size;
    void *at = mmap(NULL, snapshot->size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return err_errno(err, "cannot map %s", path);
    snapshot->header = at;
    return 0;
}

int snapshot_open(struct snapshot *snapshot, const char *path, struct err *err)
{
    *snapshot = (struct snapshot){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "cannot open the snapshot %s", path);
    int status = map_file(snapshot, fd, path, err);
    close(fd);
    if (status || check_header(snapshot->header, snapshot->size, path, err) ||
        find_sections(snapshot, path, err)) {
        snapshot_close(snapshot);
        return -1;
    }
    return 0;
}

/* Every base and probability index must lead into its table, and no walk past a label 0. */
static int verify_units(const struct dict *dict, const dict_unit *units, const uint16_t *tags,
                        uint32_t n, uint32_t n_labels, struct err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        if (dict_unit_base(units[i]) > n - n_labels || dict_unit_prob(units[i]) >= dict->n_probs ||
            dict_unit_label(units[i]) == 0 || tags[i] >= dict->n_tags)
            return err_set(err, "unit %u of the snapshot points outside: " REMEDY, i);
    }
    return 0;
}

static int verify_dict(const struct dict *dict, struct err *err)
{
    if (verify_units(dict, dict->units, dict->tags, dict->n_units, DICT_LABELS, err))
        return -1;
    return verify_units(dict, dict->phrases, dict->phrase_tags, dict->n_phrases, DICT_PHRASE_LABELS,
                        err);
}

/* Names must be ASCII, which every answer can hold. */
static int verify_names(const struct tag_name *names, uint32_t n, struct err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        for (size_t k = 0; k < TAG_SIZE; k++) {
            if ((unsigned char)names[i].text[k] > 127)
                return err_set(err, "tag %u of the snapshot is no ASCII: " REMEDY, i);
        }
    }
    return 0;
}

static int verify_pos(const struct pos_model *pos, struct err *err)
{
    for (uint32_t i = 1; pos->base && i < DICT_HAN_COUNT; i++) {
        if (pos->base->ends[i] < pos->base->ends[i - 1])
            return err_set(err, "character %u of the snapshot's model is out of order: " REMEDY, i);
    }
    for (uint32_t i = 0; i < pos->n_entries; i++) {
        if (pos_entry_log(pos->entries[i]) >= pos->n_logs)
            return err_set(err, "entry %u of the snapshot's model points outside: " REMEDY, i);
    }
    return pos->base ? verify_names(pos->base->names, POS_TAGS, err) : 0;
}

static int verify_weights(const struct idf *weights, struct err *err)
{
    struct err reason;
    if (idf_verify(weights, &reason))
        return err_set(err, "%s in the snapshot: " REMEDY, reason.text);
    return 0;
}

static int verify_images(const struct snapshot *snapshot, struct err *err)
{
    for (uint32_t i = 1; i < snapshot->n_images; i++) {
        if (snapshot->image_ends[i] < snapshot->image_ends[i - 1])
            return err_set(err, "image %u of the snapshot is out of order: " REMEDY, i);
    }
    for (uint32_t i = 0; i < snapshot->n_images; i++) {
        if (!snapshot_is_url_safe(snapshot_image(snapshot, i)))
            return err_set(err, "image %u of the snapshot has a control character: " REMEDY, i);
    }
    return 0;
}

/* A tag is found only where nothing but NULs is behind it. */
static bool is_tag_good(const struct snapshot_list *list)
{
    size_t i = snapshot_tag(list).len;
    while (i < sizeof list->tag && list->tag[i] == '\0')
        i++;
    return i == sizeof list->tag;
}

/* Every index of a list must lead into it, and its weights must add up. */
static bool is_list_good(const struct snapshot *snapshot, const struct snapshot_list *list)
{
    if (!is_tag_good(list) || list->n == 0 || list->first > snapshot->n_choices ||
        list->n > snapshot->n_choices - list->first)
        return false;
    const struct snapshot_choice *choices = snapshot->choices + list->first;
    uint64_t before = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        if (choices[i].image >= snapshot->n_images || choices[i].alias >= list->n ||
            choices[i].threshold > list->total || choices[i].end <= before)
            return false;
        before = choices[i].end;
    }
    return before == list->total;
}

static int verify_lists(const struct snapshot *snapshot, struct err *err)
{
    const struct snapshot_list *lists = snapshot->lists;
    for (uint32_t i = 0; i < snapshot->n_lists; i++) {
        if (!is_list_good(snapshot, &lists[i]) ||
            (i && memcmp(lists[i - 1].tag, lists[i].tag, SNAPSHOT_TAG_SIZE) >= 0))
            return err_set(err, "list %u of the snapshot points outside: " REMEDY, i);
    }
    return 0;
}

int snapshot_verify(const struct snapshot *snapshot, struct err *err)
{
    const struct snapshot_header *header = snapshot->header;
    if (XXH3_64bits(header + 1, snapshot->size - sizeof *header) != header->checksum)
        return err_set(err, "the content of the snapshot is damaged: " REMEDY);
    const struct dict *dict = &snapshot->dict;
    if (verify_dict(dict, err) || verify_names(dict->tag_names, dict->n_tags, err) ||
        verify_pos(&dict->pos, err) || verify_images(snapshot, err) ||
        verify_lists(snapshot, err) || verify_weights(&snapshot->weights, err))
        return -1;
    return 0;
}

void snapshot_close(struct snapshot *snapshot)
{
    if (snapshot->header)
        munmap((void *)(uintptr_t)snapshot->header, snapshot->size);
    *snapshot = (struct snapshot){0};
}

struct str snapshot_image(const struct snapshot *snapshot, uint32_t i)
{
    uint64_t begin = i ? snapshot->image_ends[i - 1] : 0;
    return (struct str){snapshot->image_text + begin, snapshot->image_ends[i] - begin};
}

struct str snapshot_tag(const struct snapshot_list *list)
{
    return (struct str){list->tag, strnlen(list->tag, sizeof list->tag)};
}

const struct snapshot_list *snapshot_list(const struct snapshot *snapshot, struct str tag)
{
    char key[SNAPSHOT_TAG_SIZE] = {0};
    uint32_t low = 0, high = snapshot->n_lists;
    if (tag.len > sizeof key)
        return NULL;
    for (size_t i = 0; i < tag.len; i++) {
        if (tag.at[i] == '\0')
            return NULL;
        key[i] = tag.at[i];
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(key, snapshot->lists[middle].tag, sizeof key);
        if (order == 0)
            return &snapshot->lists[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool snapshot_is_url_safe(struct str url)
{
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.at[i];
        if (c <= ' ' || c == 0x7F)
            return false;
    }
    return true;
}
