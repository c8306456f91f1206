/*
 * constant SOCKET PROCESSES BYTES: a FastCGI application that answers every request with the same body
 * of BYTES bytes. Each process waits with epoll for all of its connections, and looks at no more of
 * a record than it needs to find the end of the request. A pool can hardly be faster than this.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* The types of records. */
#define BEGIN  1
#define END    3
#define STDIN  5
#define STDOUT 6

#define HEADER    8    /* The bytes of a record's header. */
#define KEEP_AT   2    /* Where the flags are in the content of BEGIN; KEEP is one of them. */
#define KEEP      1    /* The connection stays open after the answer. */
#define MAX_FD    4096 /* The connections of a process, by their descriptors. */
#define MAX_BYTES 60000

/* Where a connection is in the records that arrive. */
struct connection {
    unsigned char header[HEADER];
    size_t have;      /* The bytes of the header that have come. */
    size_t at, whole; /* The bytes of content and padding that have come, and that all of it has. */
    bool keep;        /* Whether the request asks for KEEP. */
};

static struct connection connections[MAX_FD];

/* The answer: the records STDOUT, STDOUT without content, and END. */
static unsigned char answer[3 * HEADER + 256 + MAX_BYTES];
static size_t answer_len;
static size_t header_at[3]; /* Where the headers are in it. */

static void add_record(unsigned n, unsigned char type, size_t len)
{
    header_at[n] = answer_len;
    unsigned char *header = answer + answer_len;
    memcpy(header,
           (unsigned char[HEADER]){1, type, 0, 0, (unsigned char)(len >> 8), (unsigned char)len},
           HEADER);
    answer_len += HEADER + len;
}

static void make_answer(size_t bytes)
{
    static const char head[] = "Content-Type: application/json; charset=utf-8\r\n\r\n";
    size_t len = sizeof head - 1;
    memcpy(answer + HEADER, head, len);
    memset(answer + HEADER + len, 'x', bytes);
    add_record(0, STDOUT, len + bytes);
    add_record(1, STDOUT, 0);
    add_record(2, END, 8);
}

/* Send the answer to the request of the last header. It fits into the socket's buffer. Returns whether the
 * connection stays open. */
static bool send_answer(const struct connection *connection, int fd)
{
    for (unsigned i = 0; i < 3; i++)
        memcpy(answer + header_at[i] + 2, connection->header + 2, 2); /* the request's number */
    ssize_t sent = send(fd, answer, answer_len, MSG_NOSIGNAL);
    return sent == (ssize_t)answer_len && connection->keep;
}

/* A header is complete. Returns whether the connection stays open. */
static bool begin_record(struct connection *connection, int fd)
{
    const unsigned char *header = connection->header;
    size_t len = (size_t)header[4] << 8 | header[5];
    connection->at = 0;
    connection->whole = len + header[6];
    return header[1] != STDIN || len || send_answer(connection, fd);
}

/* Skip content and padding, except the flags of BEGIN. Returns the number of bytes skipped. */
static size_t skip_content(struct connection *connection, const unsigned char *bytes, size_t len)
{
    size_t left = connection->whole - connection->at, n = left < len ? left : len;
    if (connection->header[1] == BEGIN && connection->at <= KEEP_AT && connection->at + n > KEEP_AT)
        connection->keep = bytes[KEEP_AT - connection->at] & KEEP;
    connection->at += n;
    if (connection->at == connection->whole)
        connection->have = 0;
    return n;
}

/* Go on with what has arrived. Returns whether the connection stays open. */
static bool read_records(struct connection *connection, int fd, const unsigned char *bytes,
                         size_t len)
{
    for (size_t i = 0; i < len;) {
        if (connection->have == HEADER) {
            i += skip_content(connection, bytes + i, len - i);
            continue;
        }
        connection->header[connection->have++] = bytes[i++];
        if (connection->have < HEADER)
            continue;
        if (!begin_record(connection, fd))
            return false;
        if (connection->whole == 0)
            connection->have = 0;
    }
    return true;
}

static void accept_connection(int epoll, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (fd >= MAX_FD || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) {
        close(fd);
        return;
    }
    connections[fd] = (struct connection){0};
}

static void serve_connection(int fd)
{
    static unsigned char bytes[65536];
    ssize_t len = recv(fd, bytes, sizeof bytes, 0);
    if (len <= 0 || !read_records(&connections[fd], fd, bytes, (size_t)len))
        close(fd);
}

static void serve(int listener)
{
    struct epoll_event events[64], new = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &new))
        return;
    for (;;) {
        int n = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                accept_connection(epoll, listener);
            else
                serve_connection(events[i].data.fd);
        }
    }
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    return bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 511) ? -1 : fd;
}

int main(int argc, char **argv)
{
    size_t bytes = argc == 4 ? strtoul(argv[3], NULL, 10) : MAX_BYTES + 1;
    if (bytes > MAX_BYTES) {
        fprintf(stderr, "usage: constant SOCKET PROCESSES BYTES (at most %d)\n", MAX_BYTES);
        return 2;
    }
    int listener = listen_at(argv[1]);
    if (listener < 0) {
        perror(argv[1]);
        return 1;
    }
    make_answer(bytes);
    for (int i = atoi(argv[2]); i > 0; i--) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            serve(listener);
            _exit(1);
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
