/*
 * buf: a growable run of bytes. Its memory is used again for the next request, so that after a few
 * requests nothing is allocated any more.
 *
 * If memory runs out, the buf sets `failed` and ignores all further additions. So a writer need not
 * check each addition: it checks `failed` once, at the end. A zeroed struct is an empty buf.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *at;    /* The bytes, owned by the buf; NULL until the first addition. */
    size_t len;  /* The number of bytes in use. */
    size_t cap;  /* The number of bytes allocated. */
    bool failed; /* Whether memory has run out since the last buf_reset(). */
};

/* Empty the buf and clear `failed`. Keeps the memory. */
void buf_reset(struct buf *buf);

/* Free the memory. The buf is then empty and can be used again. */
void buf_free(struct buf *buf);

/* Make room for `more` bytes after the first `len`. Returns the address of that room, or NULL when
 * memory has run out. The caller writes there and adds to `len`. */
char *buf_reserve(struct buf *buf, size_t more);

/* Append bytes, a character, a C string, or a run of bytes. */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_char(struct buf *buf, char c);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_str(struct buf *buf, struct str str);

/* Append text, printf style. */
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes of the buf, borrowed until the next addition. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->len};
}

#endif
