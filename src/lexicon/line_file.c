#include "lexicon/line_file.h"

#include "util/file.h"
#include "util/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Room for a line with its end and, while it is moved to the front, for a block behind it. */
#define ROOM (2 * LINE_FILE_LIMIT)

#define MARK "\xEF\xBB\xBF" /* U+FEFF, the byte order mark, in UTF-8. */

/* The lines with other characters than ASCII, by their encoding. */
struct encodings {
    size_t utf8, gbk, gb18030, other;
};

/* What line_file_next() has read and line_file_shorten() returns to. */
struct position {
    size_t end;    /* The end of the last line with its line end, an index into `room`. */
    size_t number; /* The number of line ends before that. */
};

struct line_file {
    const char *path;
    FILE *stream;
    bool is_at_end;           /* Whether the stream has nothing more. */
    bool has_cr;              /* Whether a lone CR ends a line. */
    size_t begin, len;        /* The last line begins at `begin`; `len` bytes of `room` are used. */
    size_t number;            /* The number of the last line. */
    struct position now;      /* The position behind the last line. */
    struct position first;    /* The same without the extensions. */
    struct encodings counted; /* The lines so far. */
    char room[ROOM];
};

/* Read until the room is full or the file ends. The last line then begins at 0. */
static int fill_room(struct line_file *file, struct err *err)
{
    memmove(file->room, file->room + file->begin, file->len - file->begin);
    file->len -= file->begin;
    file->now.end -= file->begin;
    file->first.end -= file->begin;
    file->begin = 0;
    size_t n = fread(file->room + file->len, 1, ROOM - file->len, file->stream);
    file->len += n;
    file->is_at_end = file->len < ROOM;
    return ferror(file->stream) ? err_errno(err, "cannot read %s", file->path) : 0;
}

/* Whether the bytes at `i` are these. */
static bool has_bytes(struct str text, size_t i, const char *bytes, size_t n)
{
    return i + n <= text.len && !memcmp(text.at + i, bytes, n);
}

/* The encoding of `unit` bytes, UTF-16 or UTF-32, that a text has by its first line end; NULL for none. */
static const char *find_line_end(struct str text, size_t unit)
{
    for (size_t i = 0; i + unit <= text.len; i += unit) {
        if (has_bytes(text, i, "\n\0\0\0", unit))
            return unit == 2 ? "UTF-16LE" : "UTF-32LE";
        if (has_bytes(text, i, &"\0\0\0\n"[4 - unit], unit))
            return unit == 2 ? "UTF-16BE" : "UTF-32BE";
    }
    return NULL;
}

/* The number of NULs at the beginning of the text. */
static size_t count_nuls(struct str text)
{
    size_t n = 0;
    while (n < text.len && !text.at[n])
        n++;
    return n;
}

/* Whether a text with the line ends of UTF-16 or UTF-32 is UTF-8, with stray NULs: it is valid, and has
 * characters of three bytes, or no other NULs than those of the line ends. In UTF-16 and UTF-32, letters,
 * digits and blanks have NULs, too. */
static bool is_utf8_with_nuls(struct str text, bool is_little_endian)
{
    size_t n, others = 0;
    uint32_t code, before = 0;
    bool is_long = false;
    for (size_t i = 0; i < text.len; i += n, before = code) {
        n = utf8_read(text.at + i, text.len - i, &code);
        if (!n && text.len == ROOM && text.len - i < 4)
            break; /* the room ends within a character */
        if (!n)
            return false;
        is_long = is_long || code >= 0x800;
        if (code)
            continue;
        n = count_nuls((struct str){text.at + i, text.len - i});
        others += is_little_endian ? before != '\n' : !has_bytes(text, i + n, "\n", 1);
    }
    return is_long || !others;
}

/* The encoding that a file in UTF-16 or UTF-32 has for iconv, by its mark or by its first line end; NULL
 * for other files. */
static const char *find_utf(struct str text)
{
    if (has_bytes(text, 0, "\xFF\xFE\0\0", 4) || has_bytes(text, 0, "\0\0\xFE\xFF", 4))
        return "UTF-32";
    if (has_bytes(text, 0, "\xFF\xFE", 2) || has_bytes(text, 0, "\xFE\xFF", 2))
        return "UTF-16";
    const char *found = find_line_end(text, 4);
    if (!found)
        found = find_line_end(text, 2);
    return found && !is_utf8_with_nuls(text, strstr(found, "LE")) ? found : NULL;
}

/* Whether the first line of the text ends with a CR alone. */
static bool ends_with_cr(const char *at, size_t len)
{
    const char *cr = memchr(at, '\r', len), *lf = memchr(at, '\n', len);
    return cr && (!lf || cr + 1 < lf);
}

static int begin_file(struct line_file *file, struct err *err)
{
    if (fill_room(file, err))
        return -1;
    const char *utf = find_utf((struct str){file->room, file->len});
    if (utf)
        return err_set(
            err,
            "%s is in %.6s, not in UTF-8: convert it with 'iconv -f %s -t UTF-8', or save "
            "it as 'CSV UTF-8'",
            file->path, utf, utf);
    file->has_cr = ends_with_cr(file->room, file->len);
    return 0;
}

/* Copy the rest of a stream, and go back to the beginning of the copy. */
static int copy_stream(FILE *from, FILE *to, const char *path, struct err *err)
{
    char block[BUFSIZ];
    for (size_t n; (n = fread(block, 1, sizeof block, from)) > 0;) {
        if (fwrite(block, 1, n, to) < n)
            return err_errno(err, "cannot copy %s to a temporary file", path);
    }
    if (ferror(from))
        return err_errno(err, "cannot read %s", path);
    if (fseek(to, 0, SEEK_SET))
        return err_errno(err, "cannot copy %s to a temporary file", path);
    return 0;
}

/* Open a file, or a copy of what is no regular file, such as a pipe. */
static FILE *open_stream(const char *path, struct err *err)
{
    bool is_special = file_is_special(path);
    FILE *stream = fopen(path, "r");
    if (!stream)
        err_errno(err, "cannot open %s", path);
    if (!stream || !is_special)
        return stream;
    FILE *copy = tmpfile();
    int status = copy ? copy_stream(stream, copy, path, err)
                      : err_errno(err, "cannot create a temporary file for %s", path);
    fclose(stream);
    if (status && copy)
        fclose(copy);
    return status ? NULL : copy;
}

struct line_file *line_file_open(const char *path, struct err *err)
{
    struct line_file *file = malloc(sizeof *file);
    if (!file) {
        err_set(err, "out of memory for %s", path);
        return NULL;
    }
    *file = (struct line_file){.path = path, .stream = open_stream(path, err)};
    if (!file->stream || begin_file(file, err)) {
        line_file_close(file);
        return NULL;
    }
    return file;
}

void line_file_close(struct line_file *file)
{
    if (!file)
        return;
    if (file->stream)
        fclose(file->stream);
    free(file);
}

/* Whether a byte is from `low` to `high`. */
static bool is_from(char byte, unsigned char low, unsigned char high)
{
    return (unsigned char)byte >= low && (unsigned char)byte <= high;
}

/* The bytes of the first character of a text in GB18030, of which GBK is a part; 0 for none. */
static size_t read_gb18030(const char *at, size_t len)
{
    if (is_from(at[0], 0, 0x7F))
        return 1;
    if (len < 2 || !is_from(at[0], 0x81, 0xFE))
        return 0;
    if (is_from(at[1], 0x40, 0x7E) || is_from(at[1], 0x80, 0xFE))
        return 2;
    return len >= 4 && is_from(at[1], 0x30, 0x39) && is_from(at[2], 0x81, 0xFE) &&
                   is_from(at[3], 0x30, 0x39)
               ? 4
               : 0;
}

/* Count a line that is not UTF-8. */
static void count_other(struct encodings *counted, struct str line)
{
    size_t longest = 0, n;
    for (size_t i = 0; i < line.len; i += n) {
        n = read_gb18030(line.at + i, line.len - i);
        if (!n) {
            counted->other++;
            return;
        }
        longest = n > longest ? n : longest;
    }
    ++*(longest > 2 ? &counted->gb18030 : &counted->gbk);
}

static void count_encoding(struct encodings *counted, struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (is_from(line.at[i], 0, 0x7F))
            continue;
        if (utf8_is_valid(line))
            counted->utf8++;
        else
            count_other(counted, line);
        return;
    }
}

/* At the end of the file, refuse one that is not UTF-8. Short words in GBK can look like UTF-8: the
 * majority of the lines decides. */
static int check_encoding(const struct line_file *file, struct err *err)
{
    const struct encodings *counted = &file->counted;
    size_t gb = counted->gbk + counted->gb18030;
    if (gb <= counted->utf8 || gb < counted->other)
        return 0;
    return err_set(
        err,
        "%s is not in UTF-8, but probably in GBK: convert it with 'iconv -f %s -t UTF-8' "
        "(if it is from a Western Excel: -f WINDOWS-1252)",
        file->path, counted->gb18030 ? "GB18030" : "GBK");
}

/* Find the line end at or behind `from`. Returns its index, or `len` where there is none, and sets
 * `*next` to the index behind it. */
static size_t find_end(const struct line_file *file, size_t from, size_t *next)
{
    const char *at = file->room + from;
    size_t n = file->len - from;
    const char *lf = memchr(at, '\n', n);
    const char *cr = file->has_cr ? memchr(at, '\r', lf ? (size_t)(lf - at) : n) : NULL;
    size_t end = from + (cr ? (size_t)(cr - at) : lf ? (size_t)(lf - at) : n);
    *next = end < file->len ? end + 1 : end;
    if (cr && *next < file->len && file->room[*next] == '\n')
        ++*next;
    else if (!cr && lf && end > from && file->room[end - 1] == '\r')
        end--;
    return end;
}

/* Whether more of the file must be read before the line that begins at `from` is known: its end, with
 * an LF behind a CR, is not in the room. */
static bool is_incomplete(const struct line_file *file, size_t next)
{
    return !file->is_at_end && next == file->len;
}

/* Skip the rest of a line of which the room holds only a part. */
static int skip_line(struct line_file *file, struct err *err)
{
    size_t end, next;
    do {
        file->now.end = file->first.end = file->begin = file->len;
        if (fill_room(file, err))
            return -1;
        end = find_end(file, 0, &next);
    } while (end == next && !file->is_at_end);
    file->now.end = next;
    return 0;
}

/* The line from `begin` to `end` without marks at its beginning. */
static struct str line_from(const struct line_file *file, size_t begin, size_t end)
{
    struct str line = {file->room + begin, end - begin};
    while (line.len >= 3 && !memcmp(line.at, MARK, 3))
        line = (struct str){line.at + 3, line.len - 3};
    return line;
}

int line_file_next(struct line_file *file, struct str *line, bool *too_long, struct err *err)
{
    size_t next, end;
    file->first = file->now;
    file->begin = file->now.end;
    end = find_end(file, file->begin, &next);
    if (is_incomplete(file, next)) {
        if (fill_room(file, err))
            return -1;
        end = find_end(file, 0, &next);
    }
    if (file->begin == file->len)
        return check_encoding(file, err);
    file->number = ++file->now.number;
    file->now.end = next;
    *line = line_from(file, file->begin, end);
    *too_long = line->len > LINE_FILE_LIMIT;
    if (*too_long) {
        *line = (struct str){"", 0};
        if (is_incomplete(file, next) && skip_line(file, err))
            return -1;
    }
    count_encoding(&file->counted, *line);
    file->first = file->now;
    return 1;
}

size_t line_file_number(const struct line_file *file)
{
    return file->number;
}

int line_file_extend(struct line_file *file, char mark, struct str *line, struct err *err)
{
    struct position at = file->now;
    for (bool found = false; !found;) {
        size_t from = at.end, next, end = find_end(file, from, &next);
        if (is_incomplete(file, next)) {
            size_t moved = file->begin;
            if (fill_room(file, err))
                return -1;
            from -= moved;
            end = find_end(file, from, &next);
        }
        if (from == file->len || end - file->begin > LINE_FILE_LIMIT)
            return 0;
        found = memchr(file->room + from, mark, end - from);
        at = (struct position){next, at.number + 1};
        *line = found ? line_from(file, file->begin, end) : *line;
    }
    file->now = at;
    return 1;
}

void line_file_shorten(struct line_file *file)
{
    file->now = file->first;
}
