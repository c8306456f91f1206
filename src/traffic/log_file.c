#include "traffic/log_file.h"

#include "traffic/format.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define ROOM (4 * FORMAT_LINE_SIZE)
#define MARK "\xEF\xBB\xBF" /* U+FEFF, the byte order mark, in UTF-8. */

struct log_file {
    const char *path;
    gzFile stream;
    bool is_at_end;    /* Whether the stream has nothing more. */
    bool is_inside;    /* Whether the rest of a line that is too long follows. */
    size_t begin, len; /* The bytes of `room` from `begin` to `len` are not read yet. */
    char room[ROOM];
};

struct log_file *log_file_open(const char *path, struct err *err)
{
    struct log_file *file = malloc(sizeof *file);
    int fd = file && !strcmp(path, "-") ? dup(STDIN_FILENO) : -1;
    if (!file) {
        err_set(err, "out of memory for %s", path);
        return NULL;
    }
    file->path = path;
    file->is_at_end = file->is_inside = false;
    file->begin = file->len = 0;
    file->stream = strcmp(path, "-") ? gzopen(path, "rbe") : fd < 0 ? NULL : gzdopen(fd, "rb");
    if (!file->stream || gzbuffer(file->stream, ROOM / 2)) {
        err_errno(err, "cannot open %s", path);
        log_file_close(file);
        return NULL;
    }
    return file;
}

void log_file_close(struct log_file *file)
{
    if (file && file->stream)
        gzclose_r(file->stream);
    free(file);
}

/* Say why the stream cannot be read. */
static int fail(const struct log_file *file, struct err *err)
{
    int code;
    const char *text = gzerror(file->stream, &code);
    if (code == Z_ERRNO)
        return err_errno(err, "cannot read %s", file->path);
    if (code == Z_BUF_ERROR)
        return err_set(err,
                       "cannot read %s: its compressed data break off (if it is still being "
                       "written, read it from zcat: 'zcat "
                       "%s | serverful traffic -')",
                       file->path, file->path);
    return err_set(err, "cannot read %s: its compressed data are damaged (%s)", file->path, text);
}

/* Read until the room is full or the file ends. What is not read yet then begins at 0. */
static int fill_room(struct log_file *file, struct err *err)
{
    memmove(file->room, file->room + file->begin, file->len - file->begin);
    file->len -= file->begin;
    file->begin = 0;
    unsigned room = (unsigned)(ROOM - file->len);
    int n = gzread(file->stream, file->room + file->len, room), code = Z_OK;
    if (n < (int)room)
        gzerror(file->stream, &code);
    if (n < 0 || code < Z_OK)
        return fail(file, err);
    file->len += (size_t)n;
    file->is_at_end = (unsigned)n < room;
    return 0;
}

int log_file_peek(struct log_file *file, struct str *text, struct err *err)
{
    if (file->len == 0 && !file->is_at_end && fill_room(file, err))
        return -1;
    const char *end = memrchr(file->room, '\n', file->len);
    *text = (struct str){file->room,
                         end && !file->is_at_end ? (size_t)(end - file->room) + 1 : file->len};
    if (text->len >= 3 && !memcmp(text->at, MARK, 3))
        *text = (struct str){text->at + 3, text->len - 3};
    return 0;
}

/* Skip the rest of a line of which the last call has returned the beginning. */
static int skip_rest(struct log_file *file, struct err *err)
{
    while (file->is_inside) {
        const char *at = file->room + file->begin, *end = memchr(at, '\n', file->len - file->begin);
        file->begin = end ? (size_t)(end - file->room) + 1 : file->len;
        file->is_inside = !end && !file->is_at_end;
        if (file->is_inside && fill_room(file, err))
            return -1;
    }
    return 0;
}

/* Return the line of `len` bytes with its end, without that. */
static struct str trim_line(const char *at, size_t len)
{
    if (len > 0 && at[len - 1] == '\n')
        len--;
    if (len > 0 && at[len - 1] == '\r')
        len--;
    if (len >= 3 && !memcmp(at, MARK, 3))
        return (struct str){at + 3, len - 3};
    return (struct str){at, len};
}

int log_file_next(struct log_file *file, struct str *line, bool *is_too_long, struct err *err)
{
    if (skip_rest(file, err))
        return -1;
    const char *end = memchr(file->room + file->begin, '\n', file->len - file->begin);
    if (!end && !file->is_at_end) {
        if (fill_room(file, err))
            return -1;
        end = memchr(file->room, '\n', file->len);
    }
    const char *at = file->room + file->begin;
    size_t len = end ? (size_t)(end - at) + 1 : file->len - file->begin;
    file->begin += len;
    file->is_inside = !end && !file->is_at_end;
    *line = trim_line(at, len);
    *is_too_long = line->len > FORMAT_LINE_SIZE;
    line->len = *is_too_long ? FORMAT_LINE_SIZE : line->len;
    return len > 0;
}
