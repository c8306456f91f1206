#include "util/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->failed = buf->is_full = false;
    buf->sink = (struct buf_sink){NULL, NULL};
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){0};
}

/* Hand a piece to the sink. Returns whether it took that. */
static bool hand_on(struct buf *buf, struct str piece)
{
    buf->failed = buf->failed || buf->sink.take(buf->sink.arg, piece);
    return !buf->failed;
}

/* Hand what the buf has collected to the sink. Returns whether the sink took it. */
static bool flush_buf(struct buf *buf)
{
    struct str piece = buf_str(buf);
    buf->len = 0;
    return hand_on(buf, piece);
}

/* Return the next capacity that holds `need` bytes. It doubles, so that n additions cost O(n). */
static size_t next_capacity(const struct buf *buf, size_t need)
{
    size_t next = buf->cap ? buf->cap : FIRST_CAPACITY;
    while (next < need && next <= SIZE_MAX / 2)
        next *= 2;
    if (buf->limit && next > buf->limit)
        next = buf->limit;
    return next < need ? need : next;
}

/* Allocate room for `need` bytes. Returns false where the limit forbids it or there is no memory. */
static bool grow(struct buf *buf, size_t need)
{
    buf->is_full = buf->limit && need > buf->limit;
    if (buf->is_full)
        return false;
    size_t cap = next_capacity(buf, need);
    char *at = realloc(buf->at, cap);
    if (!at)
        return false;
    buf->at = at;
    buf->cap = cap;
    return true;
}

char *buf_make_room(struct buf *buf, size_t more)
{
    if (!buf->failed && buf->sink.take && buf->len >= scale.piece)
        flush_buf(buf);
    bool has_room = buf->at && more <= buf->cap - buf->len;
    if (!buf->failed && !has_room)
        buf->failed = more > SIZE_MAX - buf->len || !grow(buf, buf->len + more);
    return buf->failed ? NULL : buf->at + buf->len;
}

void buf_add_more(struct buf *buf, const void *bytes, size_t len)
{
    if (buf->sink.take && len > scale.piece) { /* need not be collected first */
        if (!buf->failed && flush_buf(buf))
            hand_on(buf, (struct str){bytes, len});
        return;
    }
    char *to = buf_make_room(buf, len);
    if (!to)
        return;
    if (len > 0)
        memcpy(to, bytes, len);
    buf->len += len;
}

void buf_print(struct buf *buf, const char *format, ...)
{
    va_list args;
    size_t room = buf_has_room(buf, 1) && !buf->failed ? buf->cap - buf->len : 0;
    va_start(args, format);
    int len = vsnprintf(room > 0 ? buf->at + buf->len : NULL, room, format, args);
    va_end(args);
    if (len >= 0 && (size_t)len < room) {
        buf->len += (size_t)len;
        return;
    }
    char *to = len < 0 ? NULL : buf_reserve(buf, (size_t)len + 1);
    if (!to) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(to, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}
