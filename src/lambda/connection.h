/*
 * connection: one blocking TCP connection with a read buffer. It has no time-outs; runtime.h says
 * why.
 */
#ifndef LAMBDA_CONNECTION_H
#define LAMBDA_CONNECTION_H

#include "util/buf.h"
#include "util/err.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/* The address of a server. */
struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } socket;
    socklen_t size; /* Bytes of `socket` in use. */
};

/*
 * Parse "HOST:PORT". HOST is an IPv4 address in dotted form, an IPv6 address in brackets, or
 * `localhost`, which means 127.0.0.1. Other names are rejected: a static program cannot resolve
 * names. PORT is 1 to 65535. Returns 0 or -1 with a reason.
 */
int address_parse(struct address *address, const char *text, struct err *err);

struct connection {
    int fd;        /* The socket; -1 when closed. */
    struct buf in; /* Received bytes. */
    size_t in_at;  /* The offset of the first byte of `in` that is not consumed yet. */
    bool heard;    /* Whether a byte has come since the last connection_send(). */
    bool cut_off;  /* Whether the last connection_send() stopped early: close after the answer. */
};

/* Connect; the connection must be closed. Returns 0 or -1 with a reason. */
int connection_open(struct connection *connection, const struct address *address, struct err *err);

/* Close, and discard unread bytes. Keeps the memory and `heard`. A closed connection may be closed
 * again. */
void connection_close(struct connection *connection);

/* Close and free the memory. */
void connection_free(struct connection *connection);

/* Whether an idle connection cannot carry another request, because the peer has closed it or sent
 * unexpected bytes. Reads nothing and does not wait. */
bool connection_is_stale(const struct connection *connection);

/*
 * Send both runs of bytes. If the peer answers or closes before it has read them, sending stops,
 * sets `cut_off` and succeeds, so that the caller can read the answer. Returns 0 or -1 with a
 * reason.
 */
int connection_send(struct connection *connection, struct str first, struct str second,
                    struct err *err);

/* Read a line that ends with CR LF and has at most `limit` bytes. `*line` excludes CR LF and is
 * borrowed until the next call. Returns 0 or -1 with a reason. */
int connection_read_line(struct connection *connection, size_t limit, struct str *line,
                         struct err *err);

/* Read exactly `n` bytes and append them to `out`. Returns 0 or -1 with a reason. */
int connection_read(struct connection *connection, size_t n, struct buf *out, struct err *err);

/* Read until the peer closes, and append the bytes to `out`; more than `limit` bytes are an error.
 * Returns 0 or -1 with a reason. */
int connection_read_all(struct connection *connection, size_t limit, struct buf *out,
                        struct err *err);

#endif
