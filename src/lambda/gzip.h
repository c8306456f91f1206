/*
 * gzip: compresses the body of a response, piece by piece.
 */
#ifndef LAMBDA_GZIP_H
#define LAMBDA_GZIP_H

#include "util/buf.h"

#include <stdbool.h>
#include <zlib.h>

/* Whether a client takes gzip, by the value of its Accept-Encoding: the weight of "gzip", or else that of
 * "*", is not 0. */
bool gzip_is_accepted(struct str accept_encoding);

/* A compressor. A zeroed struct is ready; it takes its 256 kB of memory with the first piece, and keeps it
 * for the next body. */
struct gzip {
    z_stream stream;
    bool is_made;  /* Whether the stream has its memory. */
    bool is_begun; /* Whether a body has been begun and not ended. */
};

/* Compress the next piece of a body, and append what is finished to `out`. Returns 0, or -1 where memory
 * runs out or `out` has failed. */
int gzip_add(struct gzip *gzip, struct str piece, struct buf *out);

/* End the body, and append the rest. Returns as gzip_add(). */
int gzip_end(struct gzip *gzip, struct buf *out);

/* Forget a body that is not ended. */
void gzip_reset(struct gzip *gzip);

/* Free the memory. */
void gzip_free(struct gzip *gzip);

#endif
