/*
 * The functions that the linker's --wrap replaces for the target snapshot, so that what does not depend
 * on the input is not done again for each one: the system calls of snapshot.c; the checksum of the
 * content; and the checks of the three large sections, which are left out where the input has changed
 * nothing that they read.
 */
#include "fuzz/changed_file.h"
#include "fuzz/fuzz.h"
#include "segmenter/pos.h"
#include "snapshot/verify.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define FILE_FD (1 << 20) /* A descriptor that the process does not have. */

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
    return strcmp(path, CHANGED_FILE_PATH) ? __real_open(path, flags, mode) : FILE_FD;
}

int __wrap_fstat(int fd, struct stat *st)
{
    if (fd != FILE_FD)
        return __real_fstat(fd, st);
    size_t size;
    changed_file_content(&size);
    *st = (struct stat){.st_mode = S_IFREG | 0644, .st_size = (off_t)size};
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
    size_t file_size;
    char *content = changed_file_content(&file_size);
    HOLDS(size == file_size && offset == 0 && protection == PROT_READ);
    return content;
}

int __wrap_munmap(void *address, size_t size)
{
    size_t file_size;
    if (address != changed_file_content(&file_size))
        return __real_munmap(address, size);
    HOLDS(size == file_size);
    return 0;
}

XXH64_hash_t __wrap_XXH3_64bits(const void *bytes, size_t size)
{
    size_t file_size, head = sizeof(struct snapshot_header);
    const char *content = changed_file_content(&file_size);
    if (!content || bytes != content + head)
        return __real_XXH3_64bits(bytes, size);
    HOLDS(size == file_size - head);
    return changed_file_sum();
}

/* Whether nothing has changed in the names and ends of the model, which are what its check reads. */
static bool is_pos_kept(void)
{
    size_t size;
    const struct snapshot_header *header =
        (const struct snapshot_header *)(const void *)changed_file_content(&size);
    uint64_t begin =
        header->sections[SNAPSHOT_POS].offset; /* of no use where a section has moved */
    struct snapshot_range names = {begin, sizeof((struct pos_base *)NULL)->names};
    struct snapshot_range ends = {begin + offsetof(struct pos_base, ends),
                                  sizeof((struct pos_base *)NULL)->ends};
    return changed_file_keeps_range(names) && changed_file_keeps_range(ends);
}

/* Verify a large section, unless the result must be that of the good file. */
static int verify_large(bool is_good, verify_section *verify, const struct snapshot *snapshot,
                        struct err *err)
{
    if (is_good)
        return 0;
    changed_file_untraced = true;
    int status = verify(snapshot, err);
    changed_file_untraced = false;
    return status;
}

int __wrap_verify_units(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(changed_file_keeps(SNAPSHOT_UNITS), __real_verify_units, snapshot, err);
}

int __wrap_verify_tags(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(changed_file_keeps(SNAPSHOT_TAGS), __real_verify_tags, snapshot, err);
}

int __wrap_verify_pos(const struct snapshot *snapshot, struct err *err)
{
    return verify_large(is_pos_kept(), __real_verify_pos, snapshot, err);
}

/* The functions of libFuzzer that code instrumented by clang calls at a comparison. */
#ifdef __clang__
#define TRACE(name, type)                                                                          \
    void __real_##name(type a, type b);                                                            \
    void __wrap_##name(type a, type b);                                                            \
    __attribute__((no_sanitize("coverage"))) void __wrap_##name(type a, type b)                    \
    {                                                                                              \
        if (!changed_file_untraced)                                                                \
            __real_##name(a, b);                                                                   \
    }

TRACE(__sanitizer_cov_trace_cmp4, uint32_t)
TRACE(__sanitizer_cov_trace_cmp8, uint64_t)
TRACE(__sanitizer_cov_trace_const_cmp1, uint8_t)
TRACE(__sanitizer_cov_trace_const_cmp4, uint32_t)
TRACE(__sanitizer_cov_trace_const_cmp8, uint64_t)
#endif
