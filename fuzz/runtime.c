/*
 * runtime: what the Runtime API sends. The input is its answers, one to each request: 0xFF ends
 * one, 0xFE ends it and closes the connection, and one that begins with 0xFD comes before its
 * request was read. The first byte says in how large reads they come. The process behaves as
 * bootstrap does: an event that came is answered or failed; the connection is made anew when it is
 * gone. The system calls of src/lambda/connection.c are taken by the linker's --wrap.
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

#define PEER_FD (1 << 20) /* no descriptor of the process */
#define ROUNDS  6

enum { EARLY = 0xFD, CLOSE = 0xFE, NEXT = 0xFF };

static struct str script; /* the answers to come */
static struct str answer; /* the one that is being read */
static bool closed;       /* the peer closes behind it */
static size_t step;

/* Take the next answer up. */
static void take_answer(void)
{
    size_t n = 0;
    while (n < script.len && (unsigned char)script.at[n] < CLOSE)
        n++;
    answer = (struct str){script.at, n};
    script = (struct str){script.at + n, script.len - n};
    closed = fuzz_byte(&script) != NEXT;
}

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
    take_answer();
    return (ssize_t)(message->msg_iov[0].iov_len + message->msg_iov[1].iov_len);
}

ssize_t __wrap_recv(int fd, void *to, size_t size, int flags)
{
    (void)flags;
    HOLDS(fd == PEER_FD);
    if (answer.len == 0 && !closed && is_early()) {
        fuzz_byte(&script);
        take_answer();
    }
    size_t n = size < step ? size : step;
    n = n < answer.len ? n : answer.len;
    memcpy(to, answer.at ? answer.at : "", n);
    answer = (struct str){answer.at + n, answer.len - n};
    return (ssize_t)n; /* a peer that says no more has closed: nobody waits here */
}

int __wrap_close(int fd)
{
    return fd == PEER_FD ? 0 : __real_close(fd);
}

/* Take an event and answer it, as bootstrap does. */
static int serve(struct runtime *runtime, struct err *err)
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
        status = serve(runtime, &err);
        HOLDS(!status || *err.text);
    }
    runtime_close(runtime);
    HOLDS(!getenv("_X_AMZN_TRACE_ID"));
    return 0;
}
