#include "snapshot/write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY /* a state on the stack */
#include <xxhash.h>

#define FILE_MODE 0644

static const char zeros[SNAPSHOT_ALIGN];

static uint64_t aligned(uint64_t offset)
{
    return (offset + SNAPSHOT_ALIGN - 1) & ~(uint64_t)(SNAPSHOT_ALIGN - 1);
}

/* Lay out the file as runs of bytes, header first, each section with the zeros before it. */
static void lay_out(const struct snapshot_parts *parts, struct snapshot_header *header,
                    struct iovec runs[1 + 2 * SNAPSHOT_SECTIONS])
{
    uint64_t at = sizeof *header;
    runs[0] = (struct iovec){header, sizeof *header};
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        uint64_t begin = aligned(at);
        header->sections[i] = (struct snapshot_range){begin, parts->sections[i].len};
        runs[1 + 2 * i] = (struct iovec){(void *)(uintptr_t)zeros, begin - at};
        runs[2 + 2 * i] =
            (struct iovec){(void *)(uintptr_t)parts->sections[i].at, parts->sections[i].len};
        at = begin + parts->sections[i].len;
    }
    header->file_size = at;
}

static uint64_t checksum_of(const struct iovec *runs, size_t n)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    for (size_t i = 0; i < n; i++)
        XXH3_64bits_update(&state, runs[i].iov_base, runs[i].iov_len);
    return XXH3_64bits_digest(&state);
}

static int write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

static int write_file(int fd, const struct snapshot_parts *parts)
{
    struct snapshot_header header = {.version = SNAPSHOT_VERSION, .order = SNAPSHOT_ORDER};
    struct iovec runs[1 + 2 * SNAPSHOT_SECTIONS];
    memcpy(header.magic, SNAPSHOT_MAGIC, sizeof header.magic);
    header.revisions = parts->revisions;
    lay_out(parts, &header, runs);
    header.checksum = checksum_of(runs + 1, 2 * SNAPSHOT_SECTIONS);
    header.header_checksum =
        XXH3_64bits(&header, offsetof(struct snapshot_header, header_checksum));
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        if (write_all(fd, runs[i].iov_base, runs[i].iov_len))
            return -1;
    }
    return fchmod(fd, FILE_MODE) || fsync(fd) ? -1 : 0;
}

/* Sync the directory of `path`, so that the new name outlives a crash. */
static int sync_directory(const char *path)
{
    char *copy = strdup(path);
    if (!copy)
        return -1;
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (fd < 0)
        return -1;
    int status = fsync(fd);
    close(fd);
    return status;
}

/* Fill the temporary file, and give it its name. */
static int finish(int fd, const char *temporary, const char *path,
                  const struct snapshot_parts *parts, struct err *err)
{
    int status = write_file(fd, parts);
    int saved = errno;
    if (close(fd) && !status) {
        status = -1;
        saved = errno;
    }
    errno = saved;
    if (status)
        return err_errno(err, "cannot write the snapshot %s", temporary);
    if (rename(temporary, path))
        return err_errno(err, "cannot rename %s to %s", temporary, path);
    if (sync_directory(path))
        return err_errno(err, "cannot sync the directory of %s", path);
    return 0;
}

int snapshot_write(const char *path, const struct snapshot_parts *parts, struct err *err)
{
    char *temporary;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return err_set(err, "out of memory for a file name");
    int fd = mkostemp(temporary, O_CLOEXEC);
    int status = fd < 0 ? err_errno(err, "cannot create %s", temporary)
                        : finish(fd, temporary, path, parts, err);
    if (status && fd >= 0)
        unlink(temporary);
    free(temporary);
    return status;
}
