#include "snapshot/snapshot.h"

#include "snapshot/sections.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* Check whether this program can read the file, and whether header and file are whole. */
static int check_header(const struct snapshot_header *header, size_t size, const char *path,
                        struct err *err)
{
    if (memcmp(header->magic, SNAPSHOT_MAGIC, sizeof header->magic) != 0)
        return err_set(err, "%s is not a snapshot: " SNAPSHOT_REMEDY, path);
    if (header->order != SNAPSHOT_ORDER)
        return err_set(err, "%s comes from a machine with another byte order: " SNAPSHOT_REMEDY,
                       path);
    if (header->version != SNAPSHOT_VERSION)
        return err_set(err, "%s has format %u, but this program reads format %u: " SNAPSHOT_REMEDY,
                       path, header->version, SNAPSHOT_VERSION);
    if (header->header_checksum !=
        XXH3_64bits(header, offsetof(struct snapshot_header, header_checksum)))
        return err_set(err, "the header of %s is damaged: " SNAPSHOT_REMEDY, path);
    if (header->file_size != size)
        return err_set(err, "%s has %zu bytes instead of %llu: " SNAPSHOT_REMEDY, path, size,
                       (unsigned long long)header->file_size);
    return 0;
}

/* Map the open file. The mapping stays when the descriptor is closed. */
static int map_file(struct snapshot *snapshot, int fd, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st))
        return err_errno(err, "cannot read the snapshot %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "cannot open the snapshot %s: it is not a regular file", path);
    if ((size_t)st.st_size < sizeof(struct snapshot_header))
        return err_set(err, "%s is not a snapshot: " SNAPSHOT_REMEDY, path);
    snapshot->size = (size_t)st.st_size;
    void *at = mmap(NULL, snapshot->size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return err_errno(err, "cannot map the snapshot %s", path);
    snapshot->header = at;
    return 0;
}

/* Set the revision. Once for each snapshot, since each response has it. */
static void set_revision(struct snapshot *snapshot)
{
    uint64_t rest = snapshot->header->checksum;
    for (int i = SNAPSHOT_REVISION_SIZE - 2; i >= 0; i--, rest >>= 4)
        snapshot->revision[i] = "0123456789abcdef"[rest & 15];
}

/* Check the mapped header, and set the fields of the sections. */
static int read_header(struct snapshot *snapshot, const char *path, struct err *err)
{
    struct err reason;
    if (check_header(snapshot->header, snapshot->size, path, err))
        return -1;
    if (sections_find(snapshot, &reason))
        return err_set(err, "%s is damaged: %s: " SNAPSHOT_REMEDY, path, reason.text);
    set_revision(snapshot);
    return 0;
}

int snapshot_map(struct snapshot *snapshot, int fd, const char *path, struct err *err)
{
    *snapshot = (struct snapshot){0};
    if (map_file(snapshot, fd, path, err) || read_header(snapshot, path, err)) {
        snapshot_close(snapshot);
        return -1;
    }
    return 0;
}

int snapshot_open(struct snapshot *snapshot, const char *path, struct err *err)
{
    *snapshot = (struct snapshot){0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* it does not wait for a FIFO */
    if (fd < 0)
        return err_errno(err, "cannot open the snapshot %s", path);
    int status = snapshot_map(snapshot, fd, path, err);
    close(fd);
    return status;
}

int snapshot_verify(const struct snapshot *snapshot, struct err *err)
{
    const struct snapshot_header *header = snapshot->header;
    struct err reason;
    if (XXH3_64bits(header + 1, snapshot->size - sizeof *header) != header->checksum)
        return err_set(err, "the content of the snapshot is damaged: " SNAPSHOT_REMEDY);
    if (sections_verify(snapshot, &reason))
        return err_set(err, "the snapshot is invalid: %s: " SNAPSHOT_REMEDY, reason.text);
    return 0;
}

void snapshot_close(struct snapshot *snapshot)
{
    if (snapshot->header)
        munmap((void *)(uintptr_t)snapshot->header, snapshot->size);
    *snapshot = (struct snapshot){0};
}
