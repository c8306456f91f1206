#include "snapshot/write.h"

#include "snapshot/sections.h"
#include "snapshot/snapshot.h"
#include "snapshot/temporary.h"
#include "util/file.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY /* to have a state on the stack */
#include <xxhash.h>

#define FILE_MODE 0644

static const char zeros[SNAPSHOT_ALIGN];

/* The header, and each section with the zeros before it. */
#define RUNS (1 + 2 * SNAPSHOT_SECTIONS)

static uint64_t align_offset(uint64_t offset)
{
    return (offset + SNAPSHOT_ALIGN - 1) & ~(uint64_t)(SNAPSHOT_ALIGN - 1);
}

/* Lay out the file as runs of bytes. Sets the ranges and the size in the header. */
static void lay_out_file(const struct snapshot *content, struct snapshot_header *header,
                         struct iovec runs[RUNS])
{
    uint64_t at = sizeof *header;
    runs[0] = (struct iovec){header, sizeof *header};
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        struct str bytes = section_bytes(content, (enum snapshot_section)i);
        uint64_t begin = align_offset(at);
        header->sections[i] = (struct snapshot_range){begin, bytes.len};
        runs[1 + 2 * i] = (struct iovec){(void *)(uintptr_t)zeros, begin - at};
        runs[2 + 2 * i] = (struct iovec){(void *)(uintptr_t)bytes.at, bytes.len};
        at = begin + bytes.len;
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

/* Write the whole file and sync it. Returns 0, or -1 with `errno` set. */
static int write_content(int fd, const struct snapshot *content,
                         const struct snapshot_revisions *revisions)
{
    struct snapshot_header header = {
        .version = SNAPSHOT_VERSION, .order = SNAPSHOT_ORDER, .revisions = *revisions};
    struct iovec runs[RUNS];
    memcpy(header.magic, SNAPSHOT_MAGIC, sizeof header.magic);
    lay_out_file(content, &header, runs);
    header.checksum = checksum_of(runs + 1, RUNS - 1);
    header.header_checksum =
        XXH3_64bits(&header, offsetof(struct snapshot_header, header_checksum));
    for (size_t i = 0; i < RUNS; i++) {
        if (file_write_all(fd, (struct str){runs[i].iov_base, runs[i].iov_len}))
            return -1;
    }
    return fchmod(fd, FILE_MODE) || fsync(fd) ? -1 : 0;
}

/* Give the complete temporary file its name. */
static int rename_file(const char *temporary, const char *path, struct err *err)
{
    if (rename(temporary, path))
        return err_errno(err, "cannot rename %s to %s", temporary, path);
    if (file_sync_directory(path))
        return err_errno(err, "cannot sync the directory of %s", path);
    return 0;
}

int snapshot_write(const char *path, const struct snapshot *content,
                   const struct snapshot_revisions *revisions, struct err *err)
{
    char *temporary;
    if (file_is_special(path))
        return err_set(err, "cannot write the snapshot %s: it is not a regular file", path);
    int fd = temporary_create(path, &temporary, err);
    if (fd < 0)
        return -1;
    int status = write_content(fd, content, revisions)
                     ? err_errno(err, "cannot write the snapshot %s", temporary)
                     : rename_file(temporary, path, err);
    if (status)
        unlink(temporary);
    close(fd); /* last, since it ends the lock */
    free(temporary);
    return status;
}

int snapshot_renew(const char *path, struct err *err)
{
    struct snapshot snapshot;
    if (snapshot_open(&snapshot, path, err))
        return -1;
    int status = snapshot_verify(&snapshot, err);
    if (!status)
        status = snapshot_write(path, &snapshot, &snapshot.header->revisions, err);
    snapshot_close(&snapshot);
    return status;
}

/* Copy what is left of a file. Returns 0, or -1 with `errno` set. */
static int copy_file(int from, int to)
{
    char piece[65536];
    ssize_t n;
    while ((n = read(from, piece, sizeof piece)) > 0) {
        if (file_write_all(to, (struct str){piece, (size_t)n}))
            return -1;
    }
    return n < 0 || fchmod(to, FILE_MODE) ? -1 : 0;
}

/* Whether the file at `path` is a good snapshot with this revision. */
static bool has_revision(const char *path, const char *revision)
{
    struct snapshot snapshot;
    struct err ignored;
    if (snapshot_open(&snapshot, path, &ignored))
        return false;
    bool is_same = !strcmp(snapshot.revision, revision) && !snapshot_verify(&snapshot, &ignored);
    snapshot_close(&snapshot);
    return is_same;
}

/* Verify the copy of a snapshot that came from `from`, and decide whether it is to replace that at
 * `path`. */
static int check_copy(int fd, const char *from, const char *path, bool *fresh, struct err *err)
{
    struct snapshot copy;
    if (snapshot_map(&copy, fd, from, err))
        return -1;
    int status = snapshot_verify(&copy, err);
    *fresh = !status && !has_revision(path, copy.revision);
    snapshot_close(&copy);
    return status;
}

/* Copy the open snapshot to a temporary file, and give it the name `path` if it is good and new there. */
static int copy_and_rename(int fd, const char *from, const char *path, bool *fresh, struct err *err)
{
    char *temporary;
    int to = temporary_create(path, &temporary, err);
    if (to < 0)
        return -1;
    int status = copy_file(fd, to) ? err_errno(err, "cannot copy the snapshot %s", from)
                                   : check_copy(to, from, path, fresh, err);
    if (!status && *fresh)
        status = fsync(to) ? err_errno(err, "cannot write the snapshot %s", temporary)
                           : rename_file(temporary, path, err);
    if (status || !*fresh)
        unlink(temporary);
    close(to); /* last, since it ends the lock */
    free(temporary);
    return status;
}

int snapshot_receive(const char *from, const char *path, bool *fresh, struct err *err)
{
    *fresh = false;
    if (file_is_special(from)) /* it may never end */
        return err_set(err, "cannot take the snapshot %s: it is not a regular file", from);
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "cannot open the snapshot %s", from);
    int status = copy_and_rename(fd, from, path, fresh, err);
    close(fd);
    return status;
}
