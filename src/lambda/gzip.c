#include "lambda/gzip.h"

#include "util/http_weight.h"

/* The fastest level: of a long answer of /segment, it sends 43 % of the bytes for 8 µs a kB, and level 6
 * sends 39 % for 34 µs. nginx has the same level in serverful-api.conf. */
#define LEVEL 1

/* The largest window, and the header and the trailer of gzip instead of those of zlib. */
#define WINDOW_BITS (15 + 16)

/* The default of zlib for how much memory it takes. */
#define MEMORY_LEVEL 8

/* Bytes of output that are made room for at a time. */
#define STEP 16384

bool gzip_is_accepted(struct str accept_encoding)
{
    bool any = false;
    while (accept_encoding.len > 0) {
        struct str parameters = str_cut(&accept_encoding, ',');
        struct str coding = str_trim(str_cut(&parameters, ';'), STR_BLANKS);
        if (str_is_nocase(coding, "gzip"))
            return http_weight_read(parameters) > 0;
        if (str_is(coding, "*"))
            any = http_weight_read(parameters) > 0;
    }
    return any;
}

/* Begin a body, unless one is begun. Returns 0, or -1 where memory runs out. */
static int begin_body(struct gzip *gzip)
{
    if (gzip->is_begun)
        return 0;
    gzip->is_begun = true;
    if (gzip->is_made)
        return deflateReset(&gzip->stream) == Z_OK ? 0 : -1;
    gzip->is_made = deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                                 Z_DEFAULT_STRATEGY) == Z_OK;
    return gzip->is_made ? 0 : -1;
}

/* Let zlib run on a piece until it wants no more room for its output. Returns as gzip_add(). */
static int run(struct gzip *gzip, struct str piece, int flush, struct buf *out)
{
    z_stream *stream = &gzip->stream;
    if (begin_body(gzip))
        return -1;
    stream->next_in = (z_const Bytef *)piece.at;
    stream->avail_in = (uInt)piece.len;
    do {
        char *to = buf_reserve(out, STEP);
        if (!to)
            return -1;
        stream->next_out = (Bytef *)to;
        stream->avail_out = STEP;
        if (deflate(stream, flush) == Z_STREAM_ERROR)
            return -1;
        out->len += STEP - stream->avail_out;
    } while (stream->avail_out == 0);
    return 0;
}

int gzip_add(struct gzip *gzip, struct str piece, struct buf *out)
{
    return run(gzip, piece, Z_NO_FLUSH, out);
}

int gzip_end(struct gzip *gzip, struct buf *out)
{
    int status = run(gzip, (struct str){"", 0}, Z_FINISH, out);
    gzip->is_begun = false;
    return status;
}

void gzip_reset(struct gzip *gzip)
{
    gzip->is_begun = false;
}

void gzip_free(struct gzip *gzip)
{
    if (gzip->is_made)
        deflateEnd(&gzip->stream);
    *gzip = (struct gzip){0};
}
