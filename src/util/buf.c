#include "util/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = (struct buf){0};
}

/* Return the next capacity that holds `need` bytes. It doubles, so that n additions cost O(n). */
static size_t next_capacity(size_t cap, size_t need)
{
    size_t next = cap ? cap : FIRST_CAPACITY;
    while (next < need && next <= SIZE_MAX / 2)
        next *= 2;
    return next < need ? need : next;
}

char *buf_reserve(struct buf *buf, size_t more)
{
    if (buf->failed || more > SIZE_MAX - buf->len) {
        buf->failed = true;
        return NULL;
    }
    if (buf->len + more > buf->cap || !buf->at) {
        size_t cap = next_capacity(buf->cap, buf->len + more);
        char *at = realloc(buf->at, cap);
        if (!at) {
            buf->failed = true;
            return NULL;
        }
        buf->at = at;
        buf->cap = cap;
    }
    return buf->at + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *to = buf_reserve(buf, len);
    if (!to || len == 0)
        return;
    memcpy(to, bytes, len);
    buf->len += len;
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_str(struct buf *buf, struct str str)
{
    buf_add(buf, str.at, str.len);
}

void buf_print(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
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
