#include "lambda/connection.h"

#include "util/decimal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

/* Bytes that one recv() asks for while the length of the input is unknown. */
#define PIECE (16 * 1024)

#define MAX_PORT_DIGITS 5

/* Parse a port number. Returns 0 where `text` is not one from 1 to 65535, or has leading zeros that
 * make it longer than MAX_PORT_DIGITS: the address is sent as the Host header, from a fixed buffer. */
static in_port_t parse_port(const char *text)
{
    unsigned port;
    struct str digits = str_of(text);
    bool valid = digits.len <= MAX_PORT_DIGITS && decimal_read_range(digits, 1, UINT16_MAX, &port);
    return valid ? (in_port_t)port : 0;
}

/* Set `*address` to a host and port. Returns false where `host` is not an address. */
static bool parse_host(struct address *address, const char *host, in_port_t port)
{
    if (inet_pton(AF_INET, strcmp(host, "localhost") ? host : "127.0.0.1",
                  &address->socket.v4.sin_addr) == 1) {
        address->socket.v4.sin_family = AF_INET;
        address->socket.v4.sin_port = htons(port);
        address->size = sizeof address->socket.v4;
        return true;
    }
    size_t len = strlen(host);
    char v6[INET6_ADDRSTRLEN];
    if (len < 3 || len - 2 >= sizeof v6 || host[0] != '[' || host[len - 1] != ']')
        return false;
    memcpy(v6, host + 1, len - 2);
    v6[len - 2] = '\0';
    address->socket.v6.sin6_family = AF_INET6;
    address->socket.v6.sin6_port = htons(port);
    address->size = sizeof address->socket.v6;
    return inet_pton(AF_INET6, v6, &address->socket.v6.sin6_addr) == 1;
}

int address_parse(struct address *address, const char *text, struct err *err)
{
    *address = (struct address){0};
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    in_port_t port = colon ? parse_port(colon + 1) : 0;
    if (port && (size_t)(colon - text) < sizeof host) {
        memcpy(host, text, (size_t)(colon - text));
        host[colon - text] = '\0';
        if (parse_host(address, host, port))
            return 0;
    }
    return err_set(err,
                   "invalid address '%.100s' of the Runtime API: use the form 127.0.0.1:9001, "
                   "[::1]:9001 or localhost:9001",
                   text);
}

/* Wait until the socket is ready for one of `events`. Returns those it is ready for, or -1 with
 * errno. */
static int wait_for(int fd, short events)
{
    struct pollfd poll_fd = {fd, events, 0};
    int n;
    do
        n = poll(&poll_fd, 1, -1);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -1 : poll_fd.revents;
}

/* Connect, also where a signal interrupts connect(). Returns 0 or -1 with errno. */
static int connect_fully(int fd, const struct address *address)
{
    if (!connect(fd, &address->socket.any, address->size))
        return 0;
    if (errno != EINTR || wait_for(fd, POLLOUT) < 0)
        return -1;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || !error)
        return error ? -1 : 0;
    errno = error;
    return -1;
}

int connection_open(struct connection *connection, const struct address *address, struct err *err)
{
    int fd = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(err, "cannot create a socket for the Runtime API");
    if (connect_fully(fd, address)) {
        err_errno(err, "cannot connect to the Runtime API");
        close(fd);
        return -1;
    }
    int on = 1; /* every request is sent whole, so there is nothing to coalesce */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->fd = fd;
    return 0;
}

void connection_close(struct connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
    connection->in_at = 0;
    buf_reset(&connection->in);
}

void connection_free(struct connection *connection)
{
    connection_close(connection);
    buf_free(&connection->in);
}

bool connection_is_stale(const struct connection *connection)
{
    struct pollfd poll_fd = {connection->fd, POLLIN, 0};
    return connection->in_at < connection->in.len || poll(&poll_fd, 1, 0) != 0;
}

/* Remove the first `n` bytes from the bytes still to be sent. */
static void advance(struct iovec part[2], size_t n)
{
    for (int i = 0; i < 2; i++) {
        size_t taken = n < part[i].iov_len ? n : part[i].iov_len;
        if (taken == 0) /* an empty part may have a null address, to which nothing may be added */
            continue;
        part[i].iov_base = (char *)part[i].iov_base + taken;
        part[i].iov_len -= taken;
        n -= taken;
    }
}

/* Send what the socket accepts now. Returns the bytes sent, 0 for none; or -1 with a reason. Sets
 * `cut_off` where the peer has closed. */
static ssize_t send_some(struct connection *connection, const struct msghdr *message,
                         struct err *err)
{
    ssize_t n = sendmsg(connection->fd, message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0)
        return n;
    if (errno == EPIPE || errno == ECONNRESET)
        connection->cut_off = true;
    else if (errno != EAGAIN && errno != EINTR)
        return err_errno(err, "cannot send to the Runtime API");
    return 0;
}

/* Sending does not block in sendmsg(): the peer may answer a request that is too large before it
 * has read all of it. */
int connection_send(struct connection *connection, struct str first, struct str second,
                    struct err *err)
{
    struct iovec part[2] = {{(char *)(uintptr_t)first.at, first.len},
                            {(char *)(uintptr_t)second.at, second.len}};
    struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
    connection->heard = connection->cut_off = false;
    while (part[0].iov_len + part[1].iov_len > 0 && !connection->cut_off) {
        int ready = wait_for(connection->fd, POLLIN | POLLOUT);
        if (ready < 0)
            return err_errno(err, "cannot wait for the Runtime API");
        ssize_t n = 0;
        if (ready & POLLIN)
            connection->cut_off = true;
        else
            n = send_some(connection, &message, err);
        if (n < 0)
            return -1;
        advance(part, (size_t)n);
    }
    return 0;
}

/* Receive up to `size` bytes. Returns how many, 0 when the peer has closed, or -1 with a reason. */
static ssize_t receive(struct connection *connection, char *to, size_t size, struct err *err)
{
    ssize_t n;
    do
        n = recv(connection->fd, to, size, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        err_errno(err, "cannot read from the Runtime API");
    connection->heard |= n > 0;
    return n;
}

/* Receive more into the buffer. Returns 0, or -1 with a reason, also when the peer has closed. */
static int fill_buffer(struct connection *connection, struct err *err)
{
    struct buf *in = &connection->in;
    if (connection->in_at > 0) {
        in->len -= connection->in_at;
        memmove(in->at, in->at + connection->in_at, in->len);
        connection->in_at = 0;
    }
    char *to = buf_reserve(in, PIECE);
    if (!to)
        return err_set(err, "out of memory while reading from the Runtime API");
    ssize_t n = receive(connection, to, PIECE, err);
    if (n == 0)
        return err_set(err, "the Runtime API closed the connection %s",
                       connection->heard ? "before the end of its answer" : "without an answer");
    in->len += n < 0 ? 0 : (size_t)n;
    return n < 0 ? -1 : 0;
}

int connection_read_line(struct connection *connection, size_t limit, struct str *line,
                         struct err *err)
{
    struct buf *in = &connection->in;
    for (size_t seen = 0;;) {
        const char *begin = buf_str(in).at + connection->in_at;
        size_t len = in->len - connection->in_at;
        const char *end = len > seen ? memchr(begin + seen, '\n', len - seen) : NULL;
        if ((end ? (size_t)(end - begin) : len) > limit)
            return err_set(err, "the Runtime API sent a line of more than %zu bytes", limit);
        if (end && (end == begin || end[-1] != '\r'))
            return err_set(err, "the Runtime API sent a line that does not end with CR LF");
        if (end) {
            *line = (struct str){begin, (size_t)(end - begin) - 1};
            connection->in_at += line->len + 2;
            return 0;
        }
        seen = len;
        if (fill_buffer(connection, err))
            return -1;
    }
}

/* Move up to `n` bytes from the buffer to `out`. */
static void move_buffered(struct connection *connection, size_t n, struct buf *out)
{
    size_t len = connection->in.len - connection->in_at;
    len = len < n ? len : n;
    buf_add(out, buf_str(&connection->in).at + connection->in_at, len);
    connection->in_at += len;
}

int connection_read(struct connection *connection, size_t n, struct buf *out, struct err *err)
{
    char *to = buf_reserve(out, n);
    if (!to)
        return err_set(err, "out of memory for an answer of %zu bytes", n);
    size_t begin = out->len;
    move_buffered(connection, n, out);
    while (out->len - begin < n) {
        size_t done = out->len - begin;
        ssize_t got = receive(connection, to + done, n - done, err);
        if (got < 0)
            return -1;
        if (got == 0)
            return err_set(err, "the Runtime API closed the connection after %zu of %zu bytes",
                           done, n);
        out->len += (size_t)got;
    }
    return 0;
}

int connection_read_all(struct connection *connection, size_t limit, struct buf *out,
                        struct err *err)
{
    size_t begin = out->len;
    move_buffered(connection, limit + 1, out);
    for (ssize_t got = 1; got != 0; out->len += (size_t)got) {
        char *to = buf_reserve(out, PIECE);
        if (!to)
            return err_set(err, "out of memory while reading from the Runtime API");
        if (out->len - begin > limit)
            return err_set(err, "the Runtime API sent more than %zu bytes", limit);
        got = receive(connection, to, PIECE, err);
        if (got < 0)
            return -1;
    }
    return 0;
}
