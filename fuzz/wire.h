/*
 * wire: a FastCGI connection without sockets. It stands in for libfcgi's own system calls (OS_Read
 * and the like, which the linker finds here first), so that libfcgi reads an input as what the
 * server in front sends.
 */
#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include "util/buf.h"

/* Serve all requests in these bytes, which come in reads of at most `bytes` bytes, as a worker does.
 * Returns what was sent back, valid until the next call. */
const struct buf *wire_serve(struct str input, size_t bytes);

/* Check that these are FastCGI records, and append the content of standard output to `out`. */
void wire_output(const struct buf *records, struct buf *out);

#endif
