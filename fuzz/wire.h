/*
 * wire: a FastCGI connection without sockets. It stands in for libfcgi's own system calls (OS_Read
 * and the like, which the linker finds here first), so that libfcgi reads an input as what the
 * server in front sends.
 */
#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include "util/buf.h"

/*
 * Serve all requests in these bytes as a worker does. A read returns at most `read_size` bytes of them.
 * The peer goes after it has received `max_sent` bytes. Returns what it has received, valid until the
 * next call.
 */
const struct buf *wire_serve(struct str input, size_t read_size, size_t max_sent);

/* Check that the last output is FastCGI records, with an answer to each request, which has the same
 * bytes as one made whole. Appends the content of standard output to `out`. */
void wire_check(struct buf *out);

/* The path of the last request. */
struct str wire_path(void);

#endif
