/*
 * connection: one blocking TCP connection, read through a buffer. It has no time-outs: see
 * runtime.h.
 */
#ifndef LAMBDA_CONNECTION_H
#define LAMBDA_CONNECTION_H

#include "util/buf.h"
#include "util/err.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Where a server listens. */
struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } socket;
    socklen_t size; /* bytes of `socket` in use */
};

/*
 * Read "HOST:PORT". HOST is an IPv4 address in dotted form, an IPv6 address in brackets, or
 * `localhost`, which is 127.0.0.1; no other name, since nothing resolves names in a static program.
 * PORT is 1 to 65535. Returns 0 or -1 with a reason.
 */
int address_parse(struct address *address, const char *text, struct err *err);

struct connection {
    int fd;          /* -1 when closed */
    struct buf in;   /* what came; */
    size_t in_at;    /* what lies before is used up */
    bool heard;      /* a byte came since the last connection_send() */
    bool unfinished; /* the last connection_send() ended early: close after the answer */
};

/* Connect a closed connection. Returns 0 or -1 with a reason. */
int connection_open(struct connection *connection, const struct address *address, struct err *err);

/* Close, and forget what was not read; a closed one may be closed again. Memory is kept, and
 * `heard`. */
void connection_close(struct connection *connection);

/* Close and free the memory. */
void connection_free(struct connection *connection);

/* Whether a kept connection cannot be used for another request: the peer has closed it, or it has
 * said something that nobody asked for. Reads nothing, does not wait. */
bool connection_stale(const struct connection *connection);

/*
 * Send both runs of bytes. A peer that answers or closes before it has read all of them ends the
 * sending early, and this is no failure: what it said is there to be read. Returns 0 or -1 with a
 * reason.
 */
int connection_send(struct connection *connection, struct str first, struct str second,
                    struct err *err);

/* Read a line of at most `limit` bytes that ends with CR LF; `*line` is without them, borrowed
 * until the next call. Returns 0 or -1 with a reason. */
int connection_line(struct connection *connection, size_t limit, struct str *line, struct err *err);

/* Append exactly `n` bytes to `out`. Returns 0 or -1 with a reason. */
int connection_read(struct connection *connection, size_t n, struct buf *out, struct err *err);

/* Append all that comes until the peer closes; more than `limit` bytes are a failure. Returns 0 or
 * -1 with a reason. */
int connection_read_all(struct connection *connection, size_t limit, struct buf *out,
                        struct err *err);

#endif
