/*
 * buf: a growable run of bytes. Its memory is used again for the next request, so that after a few
 * requests nothing is allocated any more.
 *
 * If an addition fails, because memory runs out or for another reason below, the buf sets `failed` and
 * ignores all further additions. So a writer need not check each addition: it checks `failed` once,
 * at the end. A zeroed struct is an empty buf.
 *
 * A buf with a sink keeps few of its bytes: before an addition that needs more room, it hands what it
 * has to the sink as a piece, if that is scale.piece bytes or more. A writer that only appends notices no
 * difference. Of what was appended, only the last addition is still in the buf for certain, if it has
 * at most scale.piece bytes.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include "util/scale.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Where a buf hands its bytes on to. */
struct buf_sink {
    /* Take a piece, which is valid during the call only. Returns 0, or -1 for a failure, after which
     * nothing more will come. NULL: no sink. */
    int (*take)(void *arg, struct str piece);
    void *arg;
};

struct buf {
    char *at;     /* The bytes, owned by the buf; NULL until the first addition. */
    size_t len;   /* The number of bytes in use. */
    size_t cap;   /* The number of bytes allocated. */
    size_t limit; /* The most bytes to allocate; 0 for no limit. */

    /* Whether an addition has failed since the last buf_reset(): there was no memory, the limit is too
     * small, or the sink failed. */
    bool failed;

    bool is_full; /* Whether it failed because of the limit. */
    struct buf_sink sink;
};

/* Empty the buf, clear `failed` and `is_full`, and remove the sink. Keeps the memory and the limit. */
void buf_reset(struct buf *buf);

/* Free the memory. The buf is then empty and can be used again. */
void buf_free(struct buf *buf);

/* Whether `more` bytes can be added without further ado. */
static inline bool buf_has_room(const struct buf *buf, size_t more)
{
    return buf->at && more <= buf->cap - buf->len && !(scale.is_eager && buf->sink.take);
}

/* Do what buf_reserve() does where there is no room yet. */
char *buf_make_room(struct buf *buf, size_t more);

/* Make room for `more` bytes after the first `len`. The sink may take those first. Returns the
 * address of the room, or NULL on failure. The caller writes there and adds to `len`. */
static inline char *buf_reserve(struct buf *buf, size_t more)
{
    bool has_room = buf_has_room(buf, more) && !buf->failed;
    return has_room ? buf->at + buf->len : buf_make_room(buf, more);
}

/* Do what buf_add() does where there is no room yet. */
void buf_add_more(struct buf *buf, const void *bytes, size_t len);

/* Append bytes. */
static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    if (!buf_has_room(buf, len) || buf->failed) {
        buf_add_more(buf, bytes, len);
        return;
    }
    if (len > 0)
        memcpy(buf->at + buf->len, bytes, len);
    buf->len += len;
}

/* Append a character, a C string, or a run of bytes. */
static inline void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

static inline void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

static inline void buf_add_str(struct buf *buf, struct str str)
{
    buf_add(buf, str.at, str.len);
}

/* Append text, printf style. */
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes of the buf, borrowed until the next addition. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->len};
}

#endif
