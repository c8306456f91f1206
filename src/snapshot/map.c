#include "snapshot/map.h"

#include <fcntl.h>
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

/* Set the pointers into the mapping, and check the sizes that they stand for. */
static int find_sections(struct snapshot *snapshot, const char *path, struct err *err)
{
    struct jieba_dict *dict = &snapshot->dict;
    size_t n_units = 0, n_costs = 0, n_hmm = 0, n_images = 0, n_text = 0;
    dict->units = section(snapshot, SNAPSHOT_UNITS, sizeof *dict->units, &n_units);
    dict->costs = section(snapshot, SNAPSHOT_COSTS, sizeof *dict->costs, &n_costs);
    dict->hmm = section(snapshot, SNAPSHOT_HMM, sizeof *dict->hmm, &n_hmm);
    snapshot->image_ends =
        section(snapshot, SNAPSHOT_IMAGE_ENDS, sizeof *snapshot->image_ends, &n_images);
    snapshot->image_text = section(snapshot, SNAPSHOT_IMAGE_TEXT, 1, &n_text);
    if (!dict->units || !dict->costs || !dict->hmm || !snapshot->image_ends ||
        !snapshot->image_text || n_units <= JIEBA_LABELS || n_units > UINT32_MAX || n_costs < 2 ||
        n_costs > JIEBA_MAX_COST || n_hmm != 1 || n_images > UINT32_MAX ||
        (n_images && snapshot->image_ends[n_images - 1] != n_text))
        return err_set(err, "the sections of %s do not fit together: " REMEDY, path);
    dict->n_units = (uint32_t)n_units;
    dict->n_costs = (uint32_t)n_costs;
    snapshot->n_images = (uint32_t)n_images;
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

/* Every base and cost index must lead into its table, and no walk past a label 0. */
static int verify_dict(const struct jieba_dict *dict, struct err *err)
{
    for (uint32_t i = 0; i < dict->n_units; i++) {
        if (jieba_unit_base(dict->units[i]) > dict->n_units - JIEBA_LABELS ||
            jieba_unit_cost(dict->units[i]) >= dict->n_costs ||
            jieba_unit_label(dict->units[i]) == 0)
            return err_set(err, "unit %u of the snapshot points outside: " REMEDY, i);
    }
    return 0;
}

static int verify_images(const struct snapshot *snapshot, struct err *err)
{
    for (uint32_t i = 1; i < snapshot->n_images; i++) {
        if (snapshot->image_ends[i] < snapshot->image_ends[i - 1])
            return err_set(err, "image %u of the snapshot is out of order: " REMEDY, i);
    }
    return 0;
}

int snapshot_verify(const struct snapshot *snapshot, struct err *err)
{
    const struct snapshot_header *header = snapshot->header;
    if (XXH3_64bits(header + 1, snapshot->size - sizeof *header) != header->checksum)
        return err_set(err, "the content of the snapshot is damaged: " REMEDY);
    return verify_dict(&snapshot->dict, err) || verify_images(snapshot, err) ? -1 : 0;
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
