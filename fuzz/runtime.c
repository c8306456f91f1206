/*
 * runtime: feeds bytes as the answers of the Runtime API to runtime_next(), runtime_respond() and
 * runtime_fail(), called as bootstrap calls them.
 *
 * The first byte of the input sets the size of a read. The rest is the answers, one for each
 * request: 0xFF ends an answer; 0xFE ends it and closes the connection; an answer that begins with
 * 0xFD comes before its request is read. The linker's --wrap replaces the system calls of
 * src/lambda/connection.c by those here.
 */
#include "lambda/runtime.h"
#include "fuzz/fuzz.h"
#include "lambda/http.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER_FD (1 << 20) /* A descriptor that the process does not have. */
#define ROUNDS  6         /* The most events of one input. */

enum { EARLY = 0xFD, CLOSE = 0xFE, NEXT = 0xFF };

static struct str script; /* The answers to come. */
static struct str answer; /* The answer that is being read. */
static bool closed;       /* Whether the peer closes after it. */
static size_t step;       /* The most bytes that one read returns. */

/* Move the next answer from `script` to `answer`. */
static void begin_answer(void)
{
    size_t n = 0;
    while (n < script.len && (unsigned char)script.at[n] < CLOSE)
        n++;
    answer = (struct str){script.at, n};
    script = (struct str){script.at + n, script.len - n};
    closed = fuzz_byte(&script) != NEXT;
}

/* Whether the next answer comes before its request is read. */
static bool is_early(void)
{
    return script.len > 0 && (unsigned char)*script.at == EARLY;
}

int __wrap_socket(int domain, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t size);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t size, int flags);
int __real_close(int fd);
int __wrap_close(int fd);

int __wrap_socket(int domain, int type, int protocol)
{
    (void)domain;
    (void)type;
    (void)protocol;
    return PEER_FD;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    HOLDS(fd == PEER_FD);
    answer.len = 0;
    closed = false;
    errno = ECONNREFUSED;
    return script.len > 0 ? 0 : -1;
}

int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
    (void)level;
    (void)option;
    (void)value;
    (void)size;
    HOLDS(fd == PEER_FD);
    return 0;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
    HOLDS(n == 1);
    bool sending = timeout < 0;
    if (fds->fd != PEER_FD)
        return 0;
    fds->revents = answer.len > 0 || closed || (sending && is_early()) ? POLLIN : 0;
    fds->revents |= sending ? POLLOUT : 0;
    return fds->revents != 0;
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    (void)flags;
    HOLDS(fd == PEER_FD && message->msg_iovlen == 2);
    begin_answer();
    return (ssize_t)(message->msg_iov[0].iov_len + message->msg_iov[1].iov_len);
}

ssize_t __wrap_recv(int fd, void *to, size_t size, int flags)
{
    (void)flags;
    HOLDS(fd == PEER_FD);
    if (answer.len == 0 && !closed && is_early()) {
        fuzz_byte(&script);
        begin_answer();
    }
    size_t n = size < step ? size : step;
    n = n < answer.len ? n : answer.len;
    memcpy(to, answer.at ? answer.at : "", n);
    answer = (struct str){answer.at + n, answer.len - n};
    return (ssize_t)n; /* 0 after the last byte: the peer has closed */
}

int __wrap_close(int fd)
{
    return fd == PEER_FD ? 0 : __real_close(fd);
}

/* Get an event and answer it, or report it as failed. */
static int serve_event(struct runtime *runtime, struct err *err)
{
    struct str event;
    int status = runtime_next(runtime, &event, err);
    if (status)
        return status;
    HOLDS(event.len <= HTTP_MAX_BODY);
    if (event.len % 2)
        return runtime_fail(runtime, "Runtime.InvalidEvent", "no \xFF event", err);
    return runtime_respond(runtime, event, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    script = fuzz_text(data, size);
    step = 1 + (size_t)fuzz_byte(&script) * 16;
    struct runtime *runtime = runtime_open("127.0.0.1:9001", &err);
    HOLDS(runtime);
    int status = 0;
    for (int i = 0; i < ROUNDS && status >= 0; i++) {
        *err.text = '\0';
        status = serve_event(runtime, &err);
        HOLDS(!status || *err.text);
    }
    runtime_close(runtime);
    HOLDS(!getenv("_X_AMZN_TRACE_ID"));
    return 0;
}
