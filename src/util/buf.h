/*
 * buf: a growable run of bytes that is kept between requests, so that after a few of them no
 * request allocates any more.
 *
 * Failure to allocate is remembered in `failed` and makes every later addition do nothing, so that
 * a writer adds freely and asks once, at the end. A zeroed struct is an empty buf.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *at;    /* owned by the buf; NULL until the first addition */
    size_t len;  /* bytes in use */
    size_t cap;  /* bytes allocated */
    bool failed; /* memory ran out since the last buf_reset() */
};

/* Empty the buf and forget a failure; the memory is kept. */
void buf_reset(struct buf *buf);

/* Free the memory; the buf is empty and usable again. */
void buf_free(struct buf *buf);

/* Make room for `more` bytes past `len`, and return where they begin; NULL when memory ran out. The
 * caller writes there and adds to `len` himself. */
char *buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_char(struct buf *buf, char c);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_str(struct buf *buf, struct str str);

/* Add text, printf style. */
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the buf holds, borrowed until the next addition. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->len};
}

#endif
